//! Links the program at a fixed address where glibc is the C library.
//!
//! A program that can be loaded anywhere has its 17,000 addresses of code and data written at each start. That is
//! 8 % of the instructions of `bridgelog log`, and a quarter of a MiB of the app's data. The heap, the
//! stack and the libraries are still placed at random.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target_is = |key: &str, value: &str| std::env::var(key).is_ok_and(|found| found == value);
    if target_is("CARGO_CFG_TARGET_OS", "linux") && target_is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
