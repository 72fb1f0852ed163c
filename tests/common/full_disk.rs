//! A disk that is full, for one program.

#![allow(dead_code, clippy::unwrap_used)]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Stands between a program and the C library: while the file `$DISK_FULL` exists no regular file can be written,
/// or only none under `$DISK_FULL_UNDER`. There, half of what is written first still finds room, and so does SQLite's
/// index of its log: of that alone the program asks the disk how full it is.
const SOURCE: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int has_room = 1;

static int is_under(int fd, const char *folder) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

static int is_full(int fd) {
    const char *mark = getenv("DISK_FULL"), *folder = getenv("DISK_FULL_UNDER");
    struct stat s;
    return mark && access(mark, F_OK) == 0 && fstat(fd, &s) == 0 && S_ISREG(s.st_mode)
        && (!folder || is_under(fd, folder));
}

#define WRITE(name, params, args) \
    ssize_t name params { \
        ssize_t (*real) params = dlsym(RTLD_NEXT, #name); \
        if (is_full(fd)) { \
            if (n < 2 || !has_room || !getenv("DISK_FULL_UNDER")) { errno = ENOSPC; return -1; } \
            has_room = 0; \
            n /= 2; \
        } \
        return real args; \
    }
WRITE(write, (int fd, const void *from, size_t n), (fd, from, n))
WRITE(pwrite, (int fd, const void *from, size_t n, off_t at), (fd, from, n, at))
WRITE(pwrite64, (int fd, const void *from, size_t n, off64_t at), (fd, from, n, at))
"#;

/// Builds in `folder` the library for `LD_PRELOAD`.
pub fn library(folder: &Path) -> PathBuf {
    let (source, library) = (folder.join("disk.c"), folder.join("disk.so"));
    std::fs::write(&source, SOURCE).unwrap();
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .output()
        .unwrap();
    assert!(built.status.success(), "{built:?}");
    library
}
