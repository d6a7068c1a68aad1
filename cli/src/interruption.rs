//! What happens on Ctrl-C and when the system ends the program.

use std::io::{IsTerminal, Write};

use proofsketch::io::discard_unfinished;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// From now on an interrupt leaves no file half-written and no bar on the terminal; the exit status is 128 and the number
/// of the signal, 130 for Ctrl-C.
pub fn watch() -> std::io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            leave(128 + signal);
        }
    };
    std::thread::Builder::new().name("interruption".to_owned()).spawn(wait)?;
    Ok(())
}

fn leave(status: i32) -> ! {
    // Neither is let go: no write ends, and no bar is drawn anew, before the program has.
    let _held = discard_unfinished();
    let mut screen = std::io::stderr().lock();
    if screen.is_terminal() {
        let _ = write!(screen, "\r\x1b[2K");
    }
    std::process::exit(status)
}
