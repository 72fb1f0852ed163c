//! One connection to a database. Each wait for an answer has a time limit.

use super::{
    failure::Failure,
    settings::{Encryption, Settings, is_socket},
    tls,
};
use crate::hub::{HubError, HubErrorKind};
use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    runtime::{Builder, Runtime},
    time::{Instant, sleep},
};
use tokio_postgres::{AsyncMessage, Client, Config, Connection, Error, NoTls, config::SslMode};

/// How long a server may be silent before the connection counts as lost.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_secs(70);

/// The same where there is little to do.
pub(super) const SHORT_LIMIT: Duration = Duration::from_secs(15);

/// The slowest line on which a batch can be sent, in bytes per second.
const SLOWEST_LINE: u64 = 16 << 10;

/// Returns how long so many bytes may be on their way, while nothing comes back.
pub(super) fn sending_limit(bytes: u64) -> Duration {
    Duration::from_secs(bytes / SLOWEST_LINE)
}

/// How long the server itself tries to carry out a statement.
pub(super) const STATEMENT_LIMIT: Duration = Duration::from_secs(60);

/// A server that vanished is noticed after about this long.
const VANISHED_AFTER: Duration = Duration::from_secs(12);

/// Gives the next message that no statement asked for.
type Messages =
    Box<dyn FnMut(&mut Context<'_>) -> Poll<Option<Result<AsyncMessage, Error>>> + Send>;

pub(super) struct Session {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    client: Client,
    messages: Messages,
    is_open: bool,
    /// What the payloads of the notifications say that nobody has asked for yet.
    notifications: VecDeque<String>,
}

impl Session {
    /// Connects and signs in.
    ///
    /// # Errors
    /// [`HubErrorKind::Unreachable`], [`HubErrorKind::Refused`], or a certificate that is not trusted.
    pub fn connect(settings: &Settings) -> Result<Self, HubError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| {
            HubError::new(
                HubErrorKind::Failed,
                format!("cannot connect to {}: {error}", settings.name),
            )
        })?;
        let config = config(settings);
        let connector = tls::connector(&settings.encryption)?;
        let tries = u32::try_from(settings.hosts.len()).unwrap_or(1);
        // To reach the host, to agree on the encryption, to sign in.
        let limit = settings
            .connect_timeout
            .saturating_mul(3_u32.saturating_mul(tries));
        let connecting = async {
            tokio::time::timeout(limit, async {
                match connector {
                    None => config.connect(NoTls).await.map(|(c, s)| (c, messages(s))),
                    Some(tls) => config.connect(tls).await.map(|(c, s)| (c, messages(s))),
                }
            })
            .await
        };
        let connected = match runtime.block_on(connecting) {
            Ok(connected) => connected.map_err(Failure::from),
            Err(_) => Err(Failure::TimedOut(limit)),
        };
        match connected {
            Ok((client, messages)) => Ok(Self {
                runtime: Some(runtime),
                client,
                messages,
                is_open: true,
                notifications: VecDeque::new(),
            }),
            Err(failure) => {
                // A name may still be looked up.
                runtime.shutdown_background();
                Err(failure.into_error(settings))
            }
        }
    }

    /// Runs `task`, as long as something comes or goes within each `silence`.
    pub fn run<T>(
        &mut self,
        silence: Duration,
        task: impl AsyncFnOnce(&Client) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        let Self {
            runtime,
            client,
            messages,
            is_open,
            notifications,
        } = self;
        let Some(runtime) = runtime else {
            return Err(Failure::Closed);
        };
        let client = &*client;
        runtime.block_on(async {
            let mut work = pin!(task(client));
            let mut limit = pin!(sleep(silence));
            poll_fn(|context| {
                let ended = receive(context, messages, is_open, notifications);
                if let Poll::Ready(done) = work.as_mut().poll(context) {
                    return Poll::Ready(done.map_err(Failure::from));
                }
                if let Some(failure) = ended {
                    return Poll::Ready(Err(failure));
                }
                if limit.as_mut().poll(context).is_ready() {
                    return Poll::Ready(Err(Failure::TimedOut(silence)));
                }
                // It was woken by something that came or went: on a slow line much takes long.
                limit.as_mut().reset(Instant::now() + silence);
                limit
                    .as_mut()
                    .poll(context)
                    .map(|()| Err(Failure::TimedOut(silence)))
            })
            .await
        })
    }

    /// Returns the next payload, waiting for it at most `timeout`; `None` if none came.
    pub fn notification(&mut self, timeout: Duration) -> Result<Option<String>, Failure> {
        let Self {
            runtime,
            messages,
            is_open,
            notifications,
            ..
        } = self;
        let Some(runtime) = runtime else {
            return Err(Failure::Closed);
        };
        let done = runtime.block_on(async {
            let next = poll_fn(|context| {
                let ended = receive(context, messages, is_open, notifications);
                match (notifications.pop_front(), ended) {
                    (Some(payload), _) => Poll::Ready(Ok(payload)),
                    (None, Some(failure)) => Poll::Ready(Err(failure)),
                    (None, None) => Poll::Pending,
                }
            });
            tokio::time::timeout(timeout, next).await
        });
        match done {
            Ok(payload) => payload.map(Some),
            Err(_) => Ok(None),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Without this a name that is still looked up would be waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Reads all messages that have arrived. Returns why the connection has ended, if it has.
fn receive(
    context: &mut Context<'_>,
    messages: &mut Messages,
    is_open: &mut bool,
    notifications: &mut VecDeque<String>,
) -> Option<Failure> {
    while *is_open {
        match messages(context) {
            Poll::Ready(Some(Ok(AsyncMessage::Notification(notification)))) => {
                notifications.push_back(notification.payload().to_owned());
            }
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(Some(Err(error))) => {
                *is_open = false;
                return Some(error.into());
            }
            Poll::Ready(None) => *is_open = false,
            Poll::Pending => return None,
        }
    }
    Some(Failure::Closed)
}

fn messages<S, T>(mut connection: Connection<S, T>) -> Messages
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    Box::new(move |context| connection.poll_message(context))
}

fn config(settings: &Settings) -> Config {
    let mut config = Config::new();
    config
        .user(&settings.user)
        .dbname(&settings.database)
        .application_name(&settings.application_name)
        .target_session_attrs(settings.target)
        .channel_binding(settings.channel_binding)
        .connect_timeout(settings.connect_timeout)
        .keepalives(true)
        .keepalives_idle(VANISHED_AFTER / 3)
        .keepalives_interval(VANISHED_AFTER / 6)
        .keepalives_retries(4)
        .tcp_user_timeout(VANISHED_AFTER)
        .ssl_mode(match settings.encryption {
            Encryption::None => SslMode::Disable,
            Encryption::Unverified | Encryption::Verified { .. } => SslMode::Require,
        });
    for (host, port) in &settings.hosts {
        if is_socket(host) {
            config.host_path(host);
        } else {
            config.host(host);
        }
        config.port(*port);
    }
    if let Some(password) = &settings.password {
        config.password(password);
    }
    if let Some(options) = &settings.options {
        config.options(options);
    }
    config
}
