//! What a long command says meanwhile to a reader at the other end of a pipe.

use crate::{data, evertill_demo, printed, value};

#[test]
fn a_replay_without_a_terminal_prints_lines_with_count_share_and_time_left() {
    let arguments = ["--data", data().to_str().unwrap(), "--limit", "4"];
    let often = [&arguments[..], &["--progress-every", "0"]].concat();
    let output = evertill_demo("replay", &often);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    for (done, share) in [(1, 25), (2, 50), (3, 75), (4, 100)] {
        let begin = format!("{done} of 4 baskets, {share} %, ");
        let line = told.lines().find(|line| line.starts_with(&begin));
        let left = line.expect(&told).strip_prefix(&begin).unwrap();
        assert!(left.ends_with(" left") && left.contains(':'), "{left}");
    }
    assert_eq!(value(&printed(&output), "baskets that differ"), "0");
}

#[test]
fn a_short_command_says_nothing_but_its_sums() {
    let arguments = ["--data", data().to_str().unwrap(), "--limit", "4"];
    let output = evertill_demo("promotions", &arguments);
    assert_eq!(value(&printed(&output), "baskets that differ"), "0");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn promotions_tell_their_progress_too() {
    let arguments = ["--data", data().to_str().unwrap(), "--progress-every", "0"];
    let output = evertill_demo("promotions", &arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("77 of 77 baskets, 100 %, "), "{told}");
}
