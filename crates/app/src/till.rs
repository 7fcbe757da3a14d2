//! The till itself: how it starts, carries out commands and stops.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use evertill_core::Fault;
use evertill_store::{Store, StoreConfig};
use evertill_sync::run_blocking;
use serde_json::Value;
use tokio::sync::{broadcast, watch};
use ts_rs::TypeVisitor;

use crate::admin::{Admin, Support};
use crate::caller::{Caller, CurrentSession};
use crate::catalogue::Catalogue;
use crate::command::{CommandInfo, CommandTypes, Domain, allow};
use crate::config::TillConfig;
use crate::context::{Context, Machine};
use crate::counter::Counter;
use crate::customers::Customers;
use crate::event::Event;
use crate::fault::AppError;
use crate::people::People;
use crate::printing::Printing;
use crate::state::{Installation, State};
use crate::sync::HubSync;
use crate::tasks::Tasks;
use crate::when;

/// How many events a slow window may lag behind before it misses some and asks for the state.
const EVENTS: usize = 256;

/// Connections that only read: the window, the sync and the printer at once.
const READERS: usize = 3;

/// A till. Cheap to clone; all clones are the same till.
///
/// Stop it with [`Till::shutdown`]: its background work keeps the store open until then.
#[derive(Clone)]
pub struct Till(Arc<Inner>);

struct Inner {
    context: Context,
    session: CurrentSession,
    tasks: Tasks,
    events: broadcast::Sender<Event>,
    domains: Domains,
}

/// Joins the tables of the domains.
macro_rules! domains {
    ($($field:ident: $domain:ty,)+) => {
        struct Domains {
            $($field: $domain,)+
        }

        impl Domains {
            async fn route(&self, caller: Caller, name: &str, request: Value) -> Result<Value, Fault> {
                $(if <$domain>::COMMANDS.iter().any(|command| command.name == name) {
                    return self.$field.route(caller, name, request).await;
                })+
                Err(unknown(name))
            }
        }

        /// Every command, domain by domain.
        pub static COMMANDS: LazyLock<Vec<CommandInfo>> =
            LazyLock::new(|| [$(<$domain>::COMMANDS),+].concat());

        /// TypeScript names of every command's request and answer.
        #[must_use]
        pub fn command_types(config: &ts_rs::Config) -> Vec<CommandTypes> {
            [$(<$domain>::command_types(config)),+].concat()
        }

        /// Hands every type that crosses to the generator.
        pub(crate) fn visit_types(visitor: &mut impl TypeVisitor) {
            $(<$domain>::visit_types(visitor);)+
            visitor.visit::<Event>();
            visitor.visit::<Fault>();
        }
    };
}

domains! {
    state: State,
    admin: Admin,
    people: People,
    catalogue: Catalogue,
    customers: Customers,
    counter: Counter,
    printing: Printing,
    sync: HubSync,
}

fn unknown(name: &str) -> Fault {
    AppError::CommandUnknown {
        name: name.to_owned(),
    }
    .into()
}

impl Till {
    /// Opens the till's store, or makes it on the first run, and starts the background work.
    ///
    /// # Errors
    /// `store_in_use`, `store_damaged`, `store_newer`, `key_missing`, `keyring_unavailable`,
    /// `disk_full` and what else keeps the store shut.
    pub async fn start(config: TillConfig) -> Result<Self, Fault> {
        let threads = Arc::clone(&config.threads);
        let till = run_blocking(threads.as_ref(), move || Self::open(config))
            .await
            .map_err(AppError::internal)??;
        let Inner {
            context,
            tasks,
            events,
            domains,
            ..
        } = till.0.as_ref();
        tasks.spawn(domains.printing.clone().run(tasks.stopping()));
        tasks.spawn(each_minute(
            context.clone(),
            events.clone(),
            tasks.stopping(),
        ));
        if context.shop().is_ok() {
            domains.sync.start()?;
        }
        Ok(till)
    }

    fn open(config: TillConfig) -> Result<Self, Fault> {
        let store_config = StoreConfig {
            dir: config.dir.clone(),
            readers: READERS,
        };
        let clock = Arc::clone(&config.clock);
        let store = Store::open(&store_config, config.secret.as_ref(), clock)?;
        let machine = Machine {
            clock: config.clock,
            timer: config.timer,
            threads: config.threads,
            ids: config.ids,
            random: config.random,
        };
        let context = Context::new(store, machine)?;
        let session = CurrentSession::default();
        let tasks = Tasks::new();
        let events = broadcast::channel(EVENTS).0;
        let tell = teller(&events);
        let printing = Printing::open(context.clone(), &config.printer, tell)?;
        let tell = teller(&events);
        let sync = HubSync::new(
            context.clone(),
            config.connect,
            config.sync,
            tasks.clone(),
            tell,
        );
        let installation = Arc::new(Installation {
            platform: config.platform,
            version: config.version,
            theme: config.theme,
            hub_url: config.hub_url,
        });
        let state = State::new(
            context.clone(),
            session.clone(),
            sync.clone(),
            printing.clone(),
            installation.clone(),
        );
        let domains = Domains {
            admin: Admin::new(context.clone(), sync.clone(), state.clone(), installation),
            people: People::new(
                context.clone(),
                session.clone(),
                sync.clone(),
                state.clone(),
            ),
            catalogue: Catalogue::new(context.clone()),
            customers: Customers::new(context.clone()),
            counter: Counter::new(context.clone(), printing.clone(), sync.clone()),
            state,
            printing,
            sync,
        };
        Ok(Self(Arc::new(Inner {
            context,
            session,
            tasks,
            events,
            domains,
        })))
    }

    /// Carries out a command by name, as the window gives it.
    ///
    /// Access is checked here, and in the table's row by what is in the request; nowhere else.
    ///
    /// # Errors
    /// `command_unknown`, `sign_in_required`, `permission_denied`, `request_malformed`, and whatever
    /// the command itself refuses.
    pub async fn dispatch(&self, name: &str, request: Value) -> Result<Value, Fault> {
        let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
            return Err(unknown(name));
        };
        let caller = Caller::new(self.0.session.get());
        allow(command.access, &caller)?;
        let answer = self.0.domains.route(caller, name, request).await;
        if let Err(fault) = &answer {
            tracing::debug!(command = name, code = %fault.code, "command refused");
        }
        answer
    }

    /// What happens on the till from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    /// Looks into the store of this till, as [`Support::open`] does into that of a stopped one.
    #[must_use]
    pub fn support(&self) -> Support {
        Support::of(&self.0.context)
    }

    /// Stops the background work: a receipt or a batch that is on its way is finished first, within
    /// the time limits of printer and hub.
    pub async fn shutdown(&self) {
        self.0.tasks.stop();
        self.0.domains.sync.stop().await;
        self.0.tasks.ended().await;
    }
}

/// Passes a domain's news on to the window.
fn teller<T: Into<Event> + 'static>(
    events: &broadcast::Sender<Event>,
) -> Arc<dyn Fn(T) + Send + Sync> {
    let events = events.clone();
    // Without a window nobody listens, which is no error.
    Arc::new(move |news| drop(events.send(news.into())))
}

/// Tells the time each minute, and tidies the store while nobody is in a hurry.
async fn each_minute(
    context: Context,
    events: broadcast::Sender<Event>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let second = context.now().as_second().rem_euclid(60);
        let left = u64::try_from(60 - second).unwrap_or(60);
        tokio::select! {
            biased;
            _ = stop.changed() => return,
            () = context.sleep(Duration::from_secs(left)) => {}
        }
        let now_text = when::time_of_day(context.now(), &context.zone());
        drop(events.send(Event::Clock { now_text }));
        let store = context.store().clone();
        if let Err(fault) = context.blocking(move || Ok(store.maintain()?)).await {
            tracing::warn!(code = %fault.code, message = %fault.message, "the store was not tidied");
        }
    }
}
