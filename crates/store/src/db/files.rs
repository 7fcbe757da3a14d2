//! Files that are there whole or not at all, and stay there when the power goes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::error::StoreError;

/// Writes `bytes` so that `path` holds either what it held before or all of them.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let half = path.with_extension("half");
    let written = private_file(&half).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&half, path)
    });
    finish(written, &half, path, "written")
}

/// Copies a file so that `to` is there whole or not at all.
pub(crate) fn copy_whole(from: &Path, to: &Path) -> Result<(), StoreError> {
    let half = to.with_extension("half");
    let copied = private_file(&half).and_then(|mut target| {
        io::copy(&mut File::open(from)?, &mut target)?;
        target.sync_all()?;
        fs::rename(&half, to)
    });
    finish(copied, &half, to, "copied")
}

fn finish(
    result: io::Result<()>,
    half: &Path,
    path: &Path,
    action: &'static str,
) -> Result<(), StoreError> {
    if result.is_err() {
        // It is of no use to anybody, and on a full disk it is in the way.
        let _ = fs::remove_file(half);
    }
    result.map_err(StoreError::file(action))?;
    sync_parent(path)
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a renamed, new or removed file of a folder survive a power cut.
pub(crate) fn sync_parent(path: &Path) -> Result<(), StoreError> {
    // Windows has no handle to a folder that could be flushed; NTFS journals the rename itself.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(StoreError::file("written"))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Creates a folder only its owner can look into.
pub(crate) fn private_folder(path: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(StoreError::file("created"))
}

/// Length of a file in bytes, `None` if there is none.
pub(crate) fn length(path: &Path) -> Result<Option<u64>, StoreError> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::file("read")(error)),
    }
}
