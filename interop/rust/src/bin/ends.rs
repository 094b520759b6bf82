//! Both ends of a Python node, for benchmarks/interop: sends at a fixed rate, and takes what comes back.
//!
//! A message is due whether or not the one before has come back; its first eight bytes say when it was due, by the monotonic clock in nanoseconds, and its time counts
//! from then. The last COUNT times go to the file RESULT, eight bytes each. RATE, WARMUP and COUNT are messages, BYTES is the size of each.

use dora_node_api::{DoraNode, Event, dora_core::config::DataId};
use std::{
    env,
    error::Error,
    fs,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

fn number(name: &str) -> u64 {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set")).parse().unwrap_or_else(|_| panic!("{name} is no number"))
}

fn main() -> Result<(), Box<dyn Error>> {
    let (rate, warmup, count, bytes) = (number("RATE"), number("WARMUP"), number("COUNT"), number("BYTES") as usize);
    let total = warmup + count;
    let (mut node, mut events) = DoraNode::init_from_env()?;
    let epoch = Instant::now();
    let (done, is_done) = mpsc::channel::<()>();

    let sender = thread::spawn(move || {
        let out = DataId::from("out".to_owned());
        let mut payload = vec![0u8; bytes];
        thread::sleep(Duration::from_secs(2)); // until the paths between the nodes have settled
        let begin = epoch.elapsed().as_nanos() as u64;
        for index in 0..total {
            let due = begin + index * 1_000_000_000 / rate;
            let now = epoch.elapsed().as_nanos() as u64;
            if due > now {
                thread::sleep(Duration::from_nanos(due - now));
            }
            payload[..8].copy_from_slice(&due.to_le_bytes());
            if let Err(error) = node.send_output_bytes(out.clone(), Default::default(), bytes, &payload) {
                eprintln!("could not send: {error}");
                break;
            }
        }
        let _ = is_done.recv_timeout(Duration::from_secs(5)); // the node's end would close what still comes back
    });

    let mut times = Vec::with_capacity(total as usize);
    while (times.len() as u64) < total {
        match events.recv_timeout(Duration::from_secs(10)) {
            Some(Event::Input { data, .. }) => {
                let received: &[u8] = TryFrom::try_from(&data)?;
                let due = u64::from_le_bytes(received[..8].try_into()?);
                times.push(epoch.elapsed().as_nanos() as u64 - due);
            }
            Some(Event::Error(_)) | None => break,
            Some(_) => {}
        }
    }
    drop(done);
    let _ = sender.join();
    let measured: Vec<u8> = times.iter().skip(times.len().saturating_sub(count as usize)).flat_map(|time| time.to_le_bytes()).collect();
    fs::write(env::var("RESULT")?, measured)?;
    println!("{} of {} came back", times.len(), total);
    Ok(())
}
