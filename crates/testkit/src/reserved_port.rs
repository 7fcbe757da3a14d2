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

/// A port that refuses connections at first.
pub(crate) struct ReservedPort {
    address: SocketAddr,
    _reserved: TcpSocket,
    open: Mutex<Option<JoinHandle<()>>>,
}

impl ReservedPort {
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

    /// Lets connections in: each is handed to `serve`.
    pub(crate) fn open<F>(&self, serve: impl Fn(TcpStream) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.is_some() {
            return;
        }
        let listener = socket(self.address).listen(128).expect("the port is ours");
        *open = Some(tokio::spawn(accept(listener, serve)));
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
            // It ends as aborted, and with it the listener and every connection.
            drop(task.await);
        }
    }
}

impl Drop for ReservedPort {
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

async fn accept<F>(listener: TcpListener, serve: impl Fn(TcpStream) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            arrived = listener.accept() => {
                if let Ok((stream, _)) = arrived {
                    // Answers of a few bytes must not wait for company.
                    stream.set_nodelay(true).expect("a connected socket");
                    connections.spawn(serve(stream));
                }
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    #[tokio::test]
    async fn a_closed_port_refuses_and_opens_again() {
        let port = ReservedPort::new();
        assert!(TcpStream::connect(port.address()).await.is_err(), "closed");
        for _ in 0..3 {
            port.open(|mut stream: TcpStream| async move {
                // Stays until it is dropped.
                drop(stream.read_u8().await);
            });
            let mut stream = TcpStream::connect(port.address()).await.unwrap();
            port.close().await;
            assert!(stream.read_u8().await.is_err(), "dropped");
            assert!(
                TcpStream::connect(port.address()).await.is_err(),
                "closed again"
            );
        }
    }
}
