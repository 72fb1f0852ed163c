//! Two settings of the linked program where glibc is the C library.
//!
//! - A fixed address. A program that can be loaded anywhere has its 17,000 addresses of code and data written at each
//!   start: 8 % of the instructions of `bridgelog log`, and a quarter of a MiB of the app's data. The heap, the stack
//!   and the libraries are still placed at random.
//! - How the heap is kept: `src/heap.c`.

const HEAP_SETTINGS: &str = "src/heap.c";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={HEAP_SETTINGS}");
    let target_is = |key: &str, value: &str| std::env::var(key).is_ok_and(|found| found == value);
    if target_is("CARGO_CFG_TARGET_OS", "linux") && target_is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
        // Linked as it is: nothing refers to it, so that the linker would leave it out of a library.
        for object in cc::Build::new().file(HEAP_SETTINGS).compile_intermediates() {
            println!("cargo::rustc-link-arg-bins={}", object.display());
        }
    }
}
