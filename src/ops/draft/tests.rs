use super::*;
use crate::domain::time::parse_utc;
use std::os::unix::fs::PermissionsExt as _;

fn draft(text: &str) -> Draft {
    Draft {
        begun: parse_utc("2012-08-16T14:06:00Z").unwrap(),
        text: text.to_owned(),
        about: None,
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn drafts_are_recovered_only_from_dead_processes() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("log.db");
    // Both in one process, as in two containers where each is process 1.
    let (mut mine, mut other) = (Drafts::for_store(&database), Drafts::for_store(&database));
    mine.save(&[draft("a longer text, half-typed"), draft("x")])
        .unwrap();
    other.save(&[draft("of another terminal")]).unwrap();
    assert_eq!(other.take_over_orphaned().unwrap(), []);
    mine.save(&[draft("shorter")]).unwrap();
    drop(mine); // as when the process dies
    assert_eq!(other.take_over_orphaned().unwrap(), [draft("shorter")]);
    assert_eq!(other.take_over_orphaned().unwrap(), []);
    drop(other);
    let mut next = Drafts::for_store(&database);
    let found = next.take_over_orphaned().unwrap();
    assert_eq!(found, [draft("shorter"), draft("of another terminal")]);
}

#[test]
fn recovered_drafts_stay_saved_until_the_caller_has_saved_them() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("log.db");
    let left = |drafts: &[Draft]| {
        Drafts::for_store(&database).save(drafts).unwrap();
    };
    let recover = || Drafts::for_store(&database).take_over_orphaned().unwrap();
    left(&[draft("one"), draft("two")]);
    assert_eq!(recover().len(), 2);
    assert_eq!(recover().len(), 2, "it died before it saved them");
    let mut mine = Drafts::for_store(&database);
    mine.take_over_orphaned().unwrap();
    mine.save(&[draft("typed before they arrived")]).unwrap();
    drop(mine);
    assert_eq!(recover().len(), 3);
    let mut mine = Drafts::for_store(&database);
    let found = mine.take_over_orphaned().unwrap();
    mine.save(&found).unwrap();
    mine.save(&found[1..]).unwrap();
    drop(mine);
    assert_eq!(recover(), found[1..]);
}

#[test]
fn unreadable_draft_file_loses_neither_itself_nor_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("log.db");
    for text in ["one", "two"] {
        Drafts::for_store(&database).save(&[draft(text)]).unwrap();
    }
    let strange = folder.path().join("log.db-draft-strange");
    fs::write(&strange, "[{\"begun\": half").unwrap();
    fs::create_dir(folder.path().join("log.db-draft-folder")).unwrap();
    let mut mine = Drafts::for_store(&database);
    assert_eq!(mine.take_over_orphaned().unwrap().len(), 2);
    assert!(strange.exists());
    let [(named, _)] = mine.unreadable() else {
        panic!("{:?}", mine.unreadable());
    };
    assert_eq!(named, &strange);
    fs::remove_file(&strange).unwrap();
    mine.take_over_orphaned().unwrap();
    assert!(mine.unreadable().is_empty(), "{:?}", mine.unreadable());
}

#[test]
fn failed_save_leaves_the_drafts_before() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("log.db");
    let mut mine = Drafts::for_store(&database);
    mine.save(&[draft("before")]).unwrap();
    // The new file cannot be made, as on a full disk.
    fs::create_dir(unfinished_path(&mine.path)).unwrap();
    assert!(mine.save(&[draft("after")]).is_err());
    drop(mine);
    let mut next = Drafts::for_store(&database);
    assert_eq!(next.take_over_orphaned().unwrap(), [draft("before")]);
}

#[test]
fn orphaned_files_stay_if_their_drafts_cannot_be_saved_here() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("log.db");
    Drafts::for_store(&database).save(&[draft("x")]).unwrap();
    let mut mine = Drafts::for_store(&database);
    fs::create_dir(unfinished_path(&mine.path)).unwrap();
    assert!(mine.take_over_orphaned().is_err());
    drop(mine);
    let mut next = Drafts::for_store(&database);
    assert_eq!(next.take_over_orphaned().unwrap(), [draft("x")]);
}

#[test]
fn emptied_line_removes_draft_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut mine = Drafts::for_store(&folder.path().join("log.db"));
    mine.save(&[draft("x")]).unwrap();
    let [file] = &files(folder.path())[..] else {
        panic!("one file");
    };
    assert_eq!(
        fs::metadata(file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    mine.save(&[draft("")]).unwrap();
    assert_eq!(files(folder.path()), [] as [PathBuf; 0]);
}
