//! What sort of disk a file is on, and whether it is full.

use std::path::Path;

/// Returns true if the disk of `path` has less free space than the smallest index of a write-ahead
/// log (its `-shm` file) takes. False if that cannot be determined.
pub(super) fn is_disk_full(path: &Path) -> bool {
    const WAL_INDEX_BYTES: u64 = 32 * 1024;
    rustix::fs::statvfs(path)
        .is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < WAL_INDEX_BYTES)
}

/// Returns the name of the network or shared file system that `path` is on; `None` if it is a local
/// disk, or if that cannot be determined.
#[cfg(target_os = "linux")]
#[must_use]
pub fn network_filesystem(path: &Path) -> Option<&'static str> {
    // The type of `f_type` differs between targets; the magic numbers fit into 32 bits.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::unnecessary_cast,
        reason = "see above"
    )]
    let magic = rustix::fs::statfs(path).ok()?.f_type as u32;
    filesystem_from_magic(magic)
}

/// Not implemented outside Linux: always `None`.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn network_filesystem(_: &Path) -> Option<&'static str> {
    None
}

/// Returns the name of a file system that several machines can share, by its magic number in `statfs`.
/// Source: `linux/magic.h` and statfs(2).
fn filesystem_from_magic(magic: u32) -> Option<&'static str> {
    Some(match magic {
        0x6969 => "NFS",
        0x517b => "SMB",
        0xff53_4d42 => "CIFS",
        0xfe53_4d42 => "SMB2",
        0x6573_5546 => "FUSE or virtiofs",
        0x0102_1997 => "9p",
        0x00c3_6400 => "Ceph",
        0x5346_414f | 0x6b41_4653 => "AFS",
        0x7375_7245 => "Coda",
        0x564c => "NCP",
        0x0116_1970 => "GFS2",
        0x7461_636f => "OCFS2",
        0x0bd0_0bd0 => "Lustre",
        0x1983_0326 => "BeeGFS",
        0x4750_4653 => "GPFS",
        0xaad7_aaea => "PanFS",
        0x786f_4256 => "VirtualBox shared folder",
        0xbacb_acbc => "VMware shared folder",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_detected_by_magic() {
        for (magic, name) in [
            (0x6969, Some("NFS")),
            (0x517b, Some("SMB")),
            (0xff53_4d42, Some("CIFS")),
            (0xfe53_4d42, Some("SMB2")),
            (0x6573_5546, Some("FUSE or virtiofs")),
            (0x0102_1997, Some("9p")),
            (0xef53, None),      // ext4
            (0x5846_5342, None), // xfs
            (0x9123_683e, None), // btrfs
            (0x0102_1994, None), // tmpfs
            (0x2fc1_2fc1, None), // zfs
            (0x794c_7630, None), // overlayfs
        ] {
            assert_eq!(filesystem_from_magic(magic), name, "{magic:x}");
        }
    }
}
