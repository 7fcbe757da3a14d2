//! A TCP port that stays ours while nobody answers at it.
//!
//! A hub that is down, a cut cable or a printer that is off must refuse connections, and must be
//! found at the same port when it is back. Closing the listener would free the port for whoever
//! asks next, another test in the same moment. So one socket holds the port without ever listening,
//! and a second one comes and goes.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A door that is closed at first.
pub(crate) struct Door {
    address: SocketAddr,
    _reserved: TcpSocket,
    open: Mutex<Option<JoinHandle<()>>>,
}

impl Door {
    /// Takes a free port on loopback.
    pub(crate) fn new() -> Self {
        let reserved = socket(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let address = reserved
            .local_addr()
            .expect("a bound socket has an address");
        Self {
            address,
            _reserved: reserved,
            open: Mutex::default(),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }

    /// Lets connections in: each is handed to `guest`.
    pub(crate) fn open<F>(&self, guest: impl Fn(TcpStream) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.is_some() {
            return;
        }
        let listener = socket(self.address).listen(128).expect("the port is ours");
        *open = Some(tokio::spawn(let_in(listener, guest)));
    }

    /// Refuses connections from now on and drops those that are there.
    pub(crate) async fn close(&self) {
        let task = self
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            task.abort();
            // It ends as aborted, and with it the listener and every guest.
            drop(task.await);
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let task = self
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            task.abort();
        }
    }
}

fn socket(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    // Allows the second socket on the port, as long as only one of them listens.
    socket
        .set_reuseaddr(true)
        .expect("an address that can be shared");
    socket.bind(address).expect("a port on loopback");
    socket
}

async fn let_in<F>(listener: TcpListener, guest: impl Fn(TcpStream) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut guests = JoinSet::new();
    loop {
        tokio::select! {
            arrived = listener.accept() => {
                if let Ok((stream, _)) = arrived {
                    // Answers of a few bytes must not wait for company.
                    stream.set_nodelay(true).expect("a connected socket");
                    guests.spawn(guest(stream));
                }
            }
            Some(_) = guests.join_next(), if !guests.is_empty() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    #[tokio::test]
    async fn a_closed_door_refuses_and_opens_at_the_same_port() {
        let door = Door::new();
        assert!(TcpStream::connect(door.address()).await.is_err(), "closed");
        for _ in 0..3 {
            door.open(|mut guest: TcpStream| async move {
                // Stays until it is shown out.
                drop(guest.read_u8().await);
            });
            let mut guest = TcpStream::connect(door.address()).await.unwrap();
            door.close().await;
            assert!(guest.read_u8().await.is_err(), "shown out");
            assert!(
                TcpStream::connect(door.address()).await.is_err(),
                "closed again"
            );
        }
    }
}
