#![expect(clippy::print_stdout, reason = "a measurement prints")]
fn main() {
    println!("nothing is measured yet");
}
