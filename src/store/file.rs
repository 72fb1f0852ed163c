//! The file itself: which one it is, and what sort of disk it is on.

use super::error::{ErrorContext, StoreError};
use rusqlite::{Connection, FileControl};
use std::{
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

/// Which file: the disk and the place on it. A name can come to mean another file; this cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// That of what is at `path` now.
    pub fn from_path(path: &Path) -> io::Result<Self> {
        let found = std::fs::metadata(path)?;
        Ok(Self {
            device: found.dev(),
            inode: found.ino(),
        })
    }

    /// That of what is at `path`, with its length in bytes.
    pub fn from_path_with_len(path: &Path) -> io::Result<(Self, u64)> {
        let found = std::fs::metadata(path)?;
        let id = Self {
            device: found.dev(),
            inode: found.ino(),
        };
        Ok((id, found.len()))
    }

    /// As a table holds it: the same 64 bits.
    pub fn to_columns(self) -> (i64, i64) {
        (self.device.cast_signed(), self.inode.cast_signed())
    }

    /// True where the file that `conn` has open is no longer the one at its path.
    pub fn has_moved(conn: &Connection, path: &Path) -> Result<bool, StoreError> {
        let mut moved = 0;
        conn.file_control::<&str>(None, FileControl::HasMoved(&mut moved))
            .with_path(path)?;
        Ok(moved != 0)
    }
}

/// The write-ahead log that goes with the database at `real`.
pub(super) fn wal_path(real: &Path) -> PathBuf {
    let mut name = real.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// True where the disk that holds `path` has no room left for as much as an index of the log.
pub(super) fn is_disk_full(path: &Path) -> bool {
    const WAL_INDEX_BYTES: u64 = 32 * 1024;
    rustix::fs::statvfs(path)
        .is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < WAL_INDEX_BYTES)
}

/// The network file system that `path` lies on; `None` where it is a disk of this machine, or where
/// that cannot be told.
#[cfg(target_os = "linux")]
pub(super) fn network_filesystem(path: &Path) -> Option<&'static str> {
    // The type of `f_type` differs from machine to machine; the numbers fit 32 bits.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::unnecessary_cast,
        reason = "see above"
    )]
    let magic = rustix::fs::statfs(path).ok()?.f_type as u32;
    filesystem_from_magic(magic)
}

/// See the Linux one.
#[cfg(not(target_os = "linux"))]
pub(super) fn network_filesystem(_: &Path) -> Option<&'static str> {
    None
}

/// Which file systems several machines share, by the number that `statfs` gives. Source:
/// `linux/magic.h` and statfs(2).
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
