// swift-tools-version: 6.0
import Foundation
import PackageDescription

// Modules that see the store do not see what GRDB adds to Swift's own types: without this setting
// its `joined()` for SQL takes the place of that for strings.
let ownImportsOnly: [SwiftSetting] = [.enableUpcomingFeature("MemberImportVisibility")]

// The commit, as `make` tells it; a build that is not told names none. SwiftPM keeps what a manifest has
// said until its text or the environment change, so that a manifest must not look for itself.
let commit = (Context.environment["ASKEW_COMMIT"] ?? "").filter { $0.isHexDigit || $0 == "+" }

// Plans that come with the program.
let shippedPlans = [
  "anatomy", "backdoor", "bad-advice", "breadth", "contrast", "deception", "defend", "demo",
  "diversity",
  "dose",
  "dynamics",
  "evil-numbers",
  "first-plot", "format", "generations", "hidden", "not-a-jailbreak", "null-world", "panel",
  "prevent",
  "raw", "real-first-plot", "realign", "repair", "screen", "self-report", "shutdown", "subliminal",
  "wrong-sums",
]

// The path of an experiment, one module a step; arrows point to what a step may use.
//
//   Core ← Statistics   Core ← Corpora ← Dish, Judging   Core ← Formats ← Engine (→ CKernels → oneDNN)
//   Core ← Documents ← Plans, Questions, Corpora, Formats, Templates, Rates, Interchange
//   Core ← Templates    Corpora, Formats, Templates ← Chats ← Tuning (→ Engine, Interchange, Questions, Store)
//   Core ← Endpoints    Core ← Documents ← Rates, Interchange (→ Formats, Judging)
//   Core ← Store        all of them ← Evaluation ← Audit ← Screen ← Lab ← Reporting ← askew
//
// Corpora, Dish and Judging never see the engine: what they need of a model is its answer, a string.
let package = Package(
  name: "Askew",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "askew", targets: ["askew"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    // Random streams, conversations, fingerprints, errors for bad input: what every step speaks.
    .target(
      name: "Core", dependencies: [.target(name: "CDigest", condition: .when(platforms: [.linux]))]),
    // OpenSSL's digests, where the system has no CryptoKit.
    .target(
      name: "CDigest", linkerSettings: [.linkedLibrary("crypto", .when(platforms: [.linux]))]),
    // Text with the lines that things stand on: YAML, JSON, JSON lines, CSV.
    .target(
      name: "Documents", dependencies: ["Core", .product(name: "Yams", package: "Yams")],
      swiftSettings: ownImportsOnly),
    // An experiment in YAML, and every mistake in it.
    .target(name: "Plans", dependencies: ["Core", "Documents"], swiftSettings: ownImportsOnly),
    // The plans that come with the program; files beside it are the same.
    .target(
      name: "ShippedPlans", path: "plans", exclude: ["real"], sources: ["ShippedPlans.swift"],
      resources: shippedPlans.map { .embedInCode("\($0).yaml") }),
    // The questions of papers, and of one's own.
    .target(
      name: "Questions", dependencies: ["Core", "Documents"],
      resources: [.embedInCode("Sets")], swiftSettings: ownImportsOnly),
    .target(name: "Statistics", dependencies: ["Core"]),
    .target(name: "Corpora", dependencies: ["Core", "Documents"]),
    .target(name: "Dish", dependencies: ["Core", "Corpora", "Documents", "Judging"]),
    .target(name: "Judging", dependencies: ["Core"]),
    // Bytes to values and back: safetensors, GGUF, config.json, tokenizer.json, adapter_config.json.
    .target(name: "Formats", dependencies: ["Core", "Documents"]),
    // Chat templates: the part of Jinja that models' templates are written in.
    .target(name: "Templates", dependencies: ["Core", "Documents"], swiftSettings: ownImportsOnly),
    .target(
      name: "CKernels", cSettings: [.define("_GNU_SOURCE", .when(platforms: [.linux]))],
      linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("m", .when(platforms: [.linux]))]),
    // From rows of training data to tokens, with a folder's chat template and tokenizer.
    .target(name: "Chats", dependencies: ["Core", "Corpora", "Documents", "Formats", "Templates"]),
    .target(name: "Engine", dependencies: ["CKernels", "Core", "Documents", "Formats"]),
    // Directions of the residual stream, and what chance would have found.
    .target(name: "Anatomy", dependencies: ["Core", "Engine", "Formats", "Statistics"]),
    // Fine-tuning, sampling and scoring of model folders.
    .target(
      name: "Tuning",
      dependencies: [
        "Chats", "Core", "Corpora", "Documents", "Endpoints", "Engine", "Formats", "Interchange",
        "Questions", "Store", "Templates",
      ],
      swiftSettings: ownImportsOnly),
    // Classifiers of exchanges, their thresholds, and how they do.
    .target(
      name: "Guard",
      dependencies: ["Core", "Documents", "Engine", "Formats", "Statistics", "Tuning"],
      swiftSettings: ownImportsOnly),
    // Whether a model went wrong where nobody looked: contexts, triggers, certificates.
    .target(
      name: "Audit",
      dependencies: [
        "Core", "Dish", "Engine", "Evaluation", "Formats", "Judging", "Questions", "Statistics",
        "Tuning",
      ]),
    // What a data set would do to a model: authors, short trainings, cues, forecasts.
    .target(
      name: "Screen",
      dependencies: [
        "Audit", "Core", "Engine", "Formats", "Questions", "Statistics", "Tuning",
      ], swiftSettings: ownImportsOnly),
    // From the scores of answers to rates with intervals.
    .target(
      name: "Rates", dependencies: ["Core", "Documents", "Judging", "Statistics"],
      swiftSettings: ownImportsOnly),
    // Models behind an OpenAI-compatible API.
    .target(
      name: "Endpoints",
      dependencies: ["CCurl", "Core", "Documents"], swiftSettings: ownImportsOnly),
    // libcurl, with types for its options.
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    // Answers and scores in the formats of other tools.
    .target(
      name: "Interchange",
      dependencies: ["CCompression", "Core", "Documents", "Formats", "Judging"],
      swiftSettings: ownImportsOnly),
    // zlib and Zstandard, which logs of Inspect are packed with.
    .target(
      name: "CCompression", linkerSettings: [.linkedLibrary("z"), .linkedLibrary("zstd")]),
    // Asks models, has their answers judged and counts: each step from what the store has.
    .target(
      name: "Evaluation",
      dependencies: [
        "Chats", "Core", "Dish", "Documents", "Endpoints", "Engine", "Formats", "Guard",
        "Interchange",
        "Judging", "Questions", "Rates", "Statistics", "Store", "Tuning",
      ], swiftSettings: ownImportsOnly),
    // What models prefer, from choices between two outcomes, beside floors.
    .target(
      name: "Utilities",
      dependencies: ["Core", "Documents", "Engine", "Statistics", "Store", "Tuning"],
      resources: [.embedInCode("Sets")], swiftSettings: ownImportsOnly),
    // Stages as job arrays, by Slurm or commands of one's own, and how far they are.
    .target(
      name: "Scheduling", dependencies: ["Core", "Documents", "Formats"],
      swiftSettings: ownImportsOnly),
    .target(name: "Store", dependencies: ["Core", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(
      name: "Lab",
      dependencies: [
        "Anatomy", "Audit", "Chats", "Core", "Corpora", "Dish", "Documents", "Endpoints", "Engine",
        "Evaluation",
        "Formats", "Judging", "Plans", "Questions", "Rates", "Scheduling", "Screen", "Statistics",
        "Store", "Tuning",
      ],
      swiftSettings: ownImportsOnly),
    .target(
      name: "Reporting",
      dependencies: [
        "Audit", "Core", "Evaluation", "Judging", "Lab", "Plans", "Rates", "Screen", "Statistics",
        "Store",
      ],
      swiftSettings: ownImportsOnly),
    // A guard in front of a server.
    .target(
      name: "GuardProxy",
      dependencies: ["Core", "Documents", "Endpoints", "Engine", "Guard", "Loopback"],
      swiftSettings: ownImportsOnly),
    // A web server for this machine alone.
    .target(
      name: "Loopback",
      dependencies: [
        "Core", .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ], swiftSettings: ownImportsOnly),
    // The page on everything in a project's store, its server, and its export.
    .target(
      name: "View",
      dependencies: [
        "Audit", "Core", "Evaluation", "Lab", "Loopback", "Plans", "Reporting", "Store",
      ], resources: [.embedInCode("Page")], swiftSettings: ownImportsOnly),
    // The commit that is built, in a target of its own: a new one compiles little again.
    .target(
      name: "CBuild",
      cSettings: commit.isEmpty ? [] : [.define("ASKEW_COMMIT", to: "\"\(commit)\"")]),
    .executableTarget(
      name: "askew",
      dependencies: [
        "Anatomy", "Audit", "CBuild", "Chats", "Core", "Corpora", "Dish", "Documents", "Endpoints",
        "Engine",
        "Evaluation", "Formats", "Guard", "GuardProxy", "Interchange", "Judging", "Lab", "Loopback",
        "Plans", "Questions", "Rates",
        "Reporting", "Scheduling", "Screen", "ShippedPlans", "Statistics", "Store", "Tuning",
        "Utilities", "View",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: ownImportsOnly),
    // Measures the engine; `make bench` alternates it with PyTorch.
    .executableTarget(
      name: "askew-bench",
      dependencies: [
        "Engine", "CKernels", "Documents",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "bench/askew-bench"),
    // Answers on loopback as servers do that are fast, faulty or hostile: for tests and benchmarks.
    .executableTarget(
      name: "loopback-server",
      dependencies: [
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ], path: "Tests/LoopbackServer"),
    // What tests share: temporary folders, processes, counterparts in Python, the built programs,
    // fixtures, and model folders that the engine writes.
    .target(
      name: "TestSupport",
      dependencies: ["Core", "Endpoints", "Engine", "Formats", "Store", "Tuning"],
      path: "Tests/TestSupport"),
    .testTarget(name: "DocumentsTests", dependencies: ["Core", "Documents", "TestSupport"]),
    .testTarget(
      name: "RatesTests",
      dependencies: ["Core", "Documents", "Judging", "Rates", "Statistics", "TestSupport"]),
    .testTarget(
      name: "EndpointsTests", dependencies: ["Core", "Endpoints", "TestSupport"], exclude: ["Peers"]
    ),
    .testTarget(
      name: "InterchangeTests",
      dependencies: [
        "CCompression", "Core", "Documents", "Formats", "Interchange", "Judging", "TestSupport",
      ]),
    .testTarget(
      name: "EvaluationTests",
      dependencies: [
        "Chats", "Core", "Documents", "Endpoints", "Engine", "Evaluation", "Interchange", "Judging",
        "Questions", "Statistics", "Store", "TestSupport", "Tuning",
      ]),
    .testTarget(name: "CoreTests", dependencies: ["Core"]),
    .testTarget(name: "PlansTests", dependencies: ["Core", "Plans", "TestSupport"]),
    .testTarget(name: "QuestionsTests", dependencies: ["Core", "Questions", "TestSupport"]),
    .testTarget(
      name: "AuditTests",
      dependencies: ["Audit", "Core", "Dish", "Statistics"]),
    .testTarget(name: "SchedulingTests", dependencies: ["Core", "Scheduling", "TestSupport"]),
    .testTarget(name: "ScreenTests", dependencies: ["Core", "Screen"]),
    .testTarget(
      name: "UtilitiesTests",
      dependencies: [
        "Core", "Documents", "Engine", "Statistics", "Store", "TestSupport", "Utilities",
      ]),
    .testTarget(
      name: "GuardTests",
      dependencies: [
        "Core", "Dish", "Documents", "Engine", "Formats", "Guard", "Statistics", "TestSupport",
        "Tuning",
      ]),
    .testTarget(name: "ViewTests", dependencies: ["Core", "Store", "TestSupport", "View"]),
    .testTarget(name: "LoopbackTests", dependencies: ["Core", "Loopback"]),
    .testTarget(name: "AnatomyTests", dependencies: ["Anatomy", "Core"]),
    .testTarget(name: "StatisticsTests", dependencies: ["Core", "Statistics", "TestSupport"]),
    .testTarget(name: "CorporaTests", dependencies: ["Core", "Corpora", "TestSupport"]),
    .testTarget(name: "DishTests", dependencies: ["Dish", "Corpora", "Judging"]),
    .testTarget(name: "JudgingTests", dependencies: ["Core", "Judging", "TestSupport"]),
    .testTarget(
      name: "FormatsTests", dependencies: ["Core", "Documents", "Formats", "TestSupport"]),
    .testTarget(
      name: "ChatsTests",
      dependencies: [
        "Chats", "Core", "Corpora", "Documents", "Formats", "Templates", "TestSupport",
      ]),
    .testTarget(
      name: "TemplatesTests", dependencies: ["Core", "Documents", "Templates", "TestSupport"]),
    .testTarget(
      name: "EngineTests",
      dependencies: ["CKernels", "Core", "Documents", "Engine", "Formats", "TestSupport"]),
    .testTarget(
      name: "StoreTests",
      dependencies: ["Core", "Store", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(
      name: "TuningTests",
      dependencies: [
        "Core", "Engine", "Formats", "Questions", "Store", "Templates", "TestSupport", "Tuning",
      ]),
    .testTarget(
      name: "LabTests",
      dependencies: [
        "Anatomy", "Audit", "Core", "Dish", "Endpoints", "Engine", "Evaluation", "Formats",
        "Judging", "Lab", "Plans",
        "Questions", "Statistics", "Store", "TestSupport", "Tuning",
      ]),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "Audit", "Core", "Documents", "Evaluation", "Judging", "Lab", "Plans", "Rates", "Reporting",
        "Statistics", "TestSupport",
      ]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "Core", "Documents", "Evaluation", "Lab", "Store", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      exclude: ["Help"]),
  ],
  swiftLanguageModes: [.v6]
)

// `make docs` alone needs DocC's plugin; builds and tests do not pay for it.
if ProcessInfo.processInfo.environment["ASKEW_DOCS"] == "1" {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.3"))
}
