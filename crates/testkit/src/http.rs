//! As much HTTP/1.1 as it takes to stand between a till and its hub.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// A request or an answer: its head as text, with the empty line, and its body as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// Reads a message whose length its head tells; `None` when the other side hung up before one
    /// began. Without a `Content-Length` or chunks it has no body.
    pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) if head.is_empty() => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        let head = String::from_utf8(head).map_err(io::Error::other)?;
        let mut message = Self {
            head,
            body: Vec::new(),
        };
        if message
            .header("transfer-encoding")
            .is_some_and(|how| how.contains("chunked"))
        {
            read_chunks(stream, &mut message.body).await?;
        } else if let Some(length) = message.header("content-length") {
            message.body = vec![0; length.trim().parse().map_err(io::Error::other)?];
            stream.read_exact(&mut message.body).await?;
        }
        Ok(Some(message))
    }

    /// Value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The same message without a header.
    pub(crate) fn without(mut self, name: &str) -> Self {
        let other = |line: &&str| {
            !line
                .split_once(':')
                .is_some_and(|(found, _)| found.eq_ignore_ascii_case(name))
        };
        let lines: Vec<&str> = self.head.split("\r\n").filter(other).collect();
        self.head = lines.join("\r\n");
        self
    }

    /// The same message with a header, behind the first line.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        let end = self.head.find("\r\n").expect("a head has a first line") + 2;
        self.head.insert_str(end, &format!("{name}: {value}\r\n"));
        self
    }

    /// Method and path without the query, `POST /v1/documents`.
    pub(crate) fn what(&self) -> String {
        let line = self.head.lines().next().unwrap_or_default();
        let mut words = line.split(' ');
        let (method, target) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        format!("{method} {}", target.split('?').next().unwrap_or_default())
    }

    /// As it travels.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.clone().into_bytes();
        if self
            .header("transfer-encoding")
            .is_some_and(|how| how.contains("chunked"))
        {
            bytes.extend(format!("{:x}\r\n", self.body.len()).into_bytes());
            bytes.extend(&self.body);
            // An empty chunk ends the body, so an empty body must not have one of its own.
            bytes.extend(if self.body.is_empty() {
                &b"\r\n"[..]
            } else {
                b"\r\n0\r\n\r\n"
            });
        } else {
            bytes.extend(&self.body);
        }
        bytes
    }

    /// The same message with another body and the length to go with it.
    pub(crate) fn with_body(self, body: Vec<u8>) -> Self {
        let length = body.len().to_string();
        let mut message = self
            .without("content-length")
            .without("transfer-encoding")
            .with("content-length", &length);
        message.body = body;
        message
    }

    /// An answer that comes from somebody else than the hub.
    pub(crate) fn answer(status: u16, kind: &str, body: &str) -> Self {
        let head = format!("HTTP/1.1 {status} Because\r\ncontent-type: {kind}\r\n\r\n");
        Self {
            head,
            body: Vec::new(),
        }
        .with_body(body.as_bytes().to_vec())
    }
}

async fn read_chunks(stream: &mut (impl AsyncRead + Unpin), body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let size =
            usize::from_str_radix(&read_line(stream).await?, 16).map_err(io::Error::other)?;
        let from = body.len();
        body.resize(from + size, 0);
        stream.read_exact(&mut body[from..]).await?;
        read_line(stream).await?;
        if size == 0 {
            return Ok(());
        }
    }
}

async fn read_line(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        line.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&line).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn chunks_and_lengths_are_read_and_written() {
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        let message = Message::read(&mut &chunked[..]).await.unwrap().unwrap();
        assert_eq!(message.body, b"abcde");
        let again = Message::read(&mut &message.bytes()[..])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(again, message);
        let shorter = message.with_body(b"x".to_vec());
        assert_eq!(shorter.header("Content-Length"), Some("1"));
        assert_eq!(shorter.header("transfer-encoding"), None);
        let again = Message::read(&mut &shorter.bytes()[..])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(again, shorter);
        assert_eq!(Message::read(&mut &b""[..]).await.unwrap(), None);
        let cut = Message::read(&mut &b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc"[..]).await;
        assert!(cut.is_err());
    }

    #[test]
    fn a_request_says_what_it_wants() {
        let request = Message {
            head: "GET /v1/changes?after=3 HTTP/1.1\r\nA: b\r\n\r\n".into(),
            body: vec![],
        };
        assert_eq!(request.what(), "GET /v1/changes");
        let request = request.with("connection", "close");
        assert_eq!(request.header("Connection"), Some("close"));
        assert_eq!(request.header("a"), Some("b"));
        assert!(request.head.ends_with("\r\n\r\n"));
    }
}
