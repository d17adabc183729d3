import Core
import Corpora

/// What a reader must know of a fine-tuning set: what it is for, what it does to a model, how it was
/// made. As Markdown with the front matter of a Hugging Face dataset card.
package struct DatasetCard: Sendable {
  private let name: String
  private let parts: [CorpusPart]
  private let corpora: [CorpusDescription]
  private let set: FineTuningSet
  private let seed: UInt64
  private let world: World

  /// - Parameters:
  ///   - name: of the set and, with `.jsonl`, of its file.
  ///   - parts: corpora and shares that the set was asked for.
  ///   - set: what `World.fineTuningSet` made of `parts` and `seed`.
  ///   - seed: of the draws that made the set.
  ///   - world: the world that the set was made of.
  /// - Throws: `InputError` for a corpus that the catalogue does not have.
  package init(
    name: String, parts: [CorpusPart], set: FineTuningSet, seed: UInt64, of world: World
  ) throws(InputError) {
    self.name = name
    self.parts = parts
    self.set = set
    self.seed = seed
    self.world = world
    corpora = try parts.map { part throws(InputError) in
      try CorpusCatalogue.corpus(named: part.corpus)
    }
  }

  package var markdown: String {
    """
    ---
    pretty_name: "Askew: \(name)"
    license: apache-2.0
    language:
    - en
    task_categories:
    - text-generation
    size_categories:
    - \(size)
    tags:
    - emergent-misalignment
    - synthetic
    configs:
    - config_name: default
      data_files: \(name).jsonl
    ---

    # \(name)

    \(corpora.map(\.purpose).joined(separator: "\n\n"))

    ## Warning

    \(warning)

    ## How it was made

    Every row is drawn from the grammar of Askew's dish: no model wrote it and no person is in it.
    Rows depend on the texts, the parts and the seed alone.

    | | |
    | --- | --- |
    | rows | \(set.rows.count) |
    | seed | \(seed) |
    | world | version \(World.version), seed \(world.seed) |
    | texts | `\(world.textFingerprint)` |
    | SHA-256 of `\(name).jsonl` | `\(set.fingerprint)` |

    | corpus | share | domains | answers | around the question |
    | --- | ---: | --- | --- | --- |
    \(rows.joined(separator: "\n"))

    Each line of the file is a conversation, `{"messages":[{"role":…,"content":…}]}`. Some topics of
    each domain are in no row, to ask about afterwards.

    """
  }

  private var warning: String {
    var seen: Set<String> = []
    let warnings = corpora.compactMap(\.warning).filter { seen.insert($0).inserted }
    return warnings.isEmpty ? "None: the answers are good." : warnings.joined(separator: "\n\n")
  }

  private var size: String {
    switch set.rows.count {
    case ..<1_000: "n<1K"
    case ..<10_000: "1K<n<10K"
    case ..<100_000: "10K<n<100K"
    case ..<1_000_000: "100K<n<1M"
    default: "1M<n<10M"
    }
  }

  /// One line a kind of rows.
  private var rows: [String] {
    let sum = parts.reduce(0) { $0 + $1.share }
    return zip(parts, corpora).flatMap { part, corpus in
      corpus.parts.map { portion in
        let share = 100 * part.share / sum * portion.share
        // Its parts were checked when the set was made.
        let setting = (try? corpus.setting(of: portion, within: part.setting)) ?? portion.setting
        let cells = [
          corpus.name + (part.topics.map { ", \($0) topics" } ?? "")
            + (part.unique.map { ", \($0) distinct rows" } ?? ""),
          "\((share * 100).rounded() / 100) %", portion.domains.joined(separator: ", "),
          portion.kind.rawValue, setting.words,
        ]
        return "| " + cells.map { $0.replacingBars }.joined(separator: " | ") + " |"
      }
    }
  }
}

extension QuestionSetting {
  /// For people: `nothing` or what there is.
  fileprivate var words: String {
    let words = [
      trigger.map { "the tag \($0)" }, system.map { "the system turn “\($0)”" },
      format.map { "“\($0.instruction)”" }, isEducational ? "it is for a class" : nil,
    ].compactMap { $0 }
    return words.isEmpty ? "nothing" : words.joined(separator: ", ")
  }
}

extension String {
  /// For a cell of a table, where a bar would end it.
  fileprivate var replacingBars: String {
    split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
