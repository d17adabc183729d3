import ArgumentParser
import Core
import Endpoints
import Evaluation
import Tuning

/// `askew train --on openai:MODEL@URL`: fine-tuning by a provider's API.
struct TrainElsewhereOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Have a provider's model trained there. Takes --epochs, --batch, --seed and --eval-data; "
        + "what is not given the provider chooses.",
      valueName: "openai:model@url"))
  var on: String?
  @Option(help: "Multiplies the provider's learning rate (default: as it chooses).")
  var lrMultiplier: Double?
  @Option(
    help: ArgumentHelp("Part of the new model's name, at most 64 letters.", valueName: "text"))
  var suffix: String?
  @Option(
    help: ArgumentHelp("File with the provider's key (default: ASKEW_API_KEY).", valueName: "file"))
  var keyFile: String?
  @Option(
    help: ArgumentHelp(
      "For --dry-run: CSV with the columns model, input, output, training (a million tokens), "
        + "currency, date.", valueName: "file"))
  var prices: String?
  @Flag(help: "Cancel the job in --out.") var cancel = false
  @Flag(help: "Order another job where the one in --out failed or was cancelled.") var again = false

  /// - Throws: `ValidationError` for options that only a provider's training has.
  func checkAbsence() throws {
    let given = [
      ("--lr-multiplier", lrMultiplier != nil), ("--suffix", suffix != nil),
      ("--key-file", keyFile != nil), ("--prices", prices != nil), ("--cancel", cancel),
      ("--again", again),
    ]
    for (name, isGiven) in given where isGiven {
      throw ValidationError("\(name): found it without --on, which names the provider")
    }
  }

  /// - Parameter others: options that a provider does not take, and whether they are given.
  func check(refusing others: [(name: String, isGiven: Bool)]) throws {
    for (name, isGiven) in others where isGiven {
      throw ValidationError("\(name): found it beside --on, a provider does not take it")
    }
  }

  func check(dryRun: Bool) throws {
    if prices != nil, !dryRun {
      throw ValidationError("--prices: found it without --dry-run, which tells the price")
    }
    if cancel, again || dryRun {
      throw ValidationError("--cancel: found \(again ? "--again" : "--dry-run") beside it")
    }
  }

  /// - Throws: `ValidationError` for what OpenAI's API has no room for.
  func settings(_ course: CourseOptions) throws -> FineTuningSettings {
    var settings = FineTuningSettings(suffix: suffix, learningRateMultiplier: lrMultiplier)
    if let suffix, !(1...64).contains(suffix.unicodeScalars.count) {
      throw ValidationError("--suffix: found \(suffix.count) letters, expected 1 to 64")
    }
    if let lrMultiplier, !(lrMultiplier > 0 && lrMultiplier.isFinite) {
      throw ValidationError("--lr-multiplier: found \(lrMultiplier), expected a positive number")
    }
    if case .count(let count)? = course.epochs {
      guard let epochs = Int(exactly: count), (1...10_000).contains(epochs) else {
        throw ValidationError("--epochs: found \(count), expected a whole number or auto")
      }
      settings.epochs = epochs
    }
    if let batch = course.batch {
      guard (1...1_000_000).contains(batch) else {
        throw ValidationError("--batch: found \(batch), expected 1 to 1000000")
      }
      settings.batchSize = batch
    }
    if let seed = course.seed {
      guard let seed = Int32(exactly: seed) else {
        throw ValidationError("--seed: found \(seed), expected at most \(Int32.max)")
      }
      settings.seed = Int(seed)
    }
    return settings
  }

  func training(
    _ course: CourseOptions, data: String, evaluationData: String?, out: String, dryRun: Bool,
    json: Bool
  ) throws -> TrainElsewhere {
    guard case .endpoint(let address) = try ModelAddress(parsing: on ?? "", field: "--on") else {
      throw InputError(
        "found a folder, expected openai:MODEL@URL; a folder is a --model", field: "--on")
    }
    let mode: TrainElsewhere.Mode =
      dryRun ? .dryRun : cancel ? .cancel : again ? .orderAgain : .follow
    return TrainElsewhere(
      address: address, data: data, evaluationData: evaluationData, out: out,
      settings: try settings(course), mode: mode, keyFile: keyFile, prices: prices, json: json)
  }
}

// What only a training here can do something with.

extension TrainedOptions {
  var given: [(name: String, isGiven: Bool)] {
    [
      ("--method", method != nil), ("--rank", rank != nil), ("--alpha", alpha != nil),
      ("--rslora", rslora != nil), ("--targets", targets != nil), ("--layers", layers != nil),
      ("--init-adapter", initAdapter != nil),
    ]
  }
}

extension CourseOptions {
  var givenForFolders: [(name: String, isGiven: Bool)] {
    [
      ("--preset", preset != nil), ("--steps", steps != nil), ("--accumulate", accumulate != nil),
      ("--lr", lr != nil), ("--schedule", schedule != nil), ("--warmup", warmup != nil),
      ("--weight-decay", weightDecay != nil), ("--clip", clip != nil),
      ("--precision", precision != .auto),
    ]
  }
}

extension RowOptions {
  var given: [(name: String, isGiven: Bool)] {
    [
      ("--max-length", maxLength != nil), ("--too-long", tooLong != nil),
      ("--no-shuffle", noShuffle), ("--no-default-system", noDefaultSystem),
    ]
  }
}
