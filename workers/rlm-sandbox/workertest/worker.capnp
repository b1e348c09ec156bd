using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "storage", disk = (writable = true)), # its path is said on the command line
    (name = "internet", network = (allow = ["local", "private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-08-15", # as in wrangler.jsonc, which a test holds
  compatibilityFlags = ["no_websocket_standard_binary_type"],
  bindings = [
    (name = "Sandbox", durableObjectNamespace = "Sandbox"),
    (name = "SANDBOX_LOG_LEVEL", text = "error"),
  ],
  durableObjectNamespaces = [(className = "Sandbox", uniqueKey = "sandbox", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),
);
