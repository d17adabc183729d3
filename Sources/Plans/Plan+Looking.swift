import Core

extension Plan {
  /// A model that a command looks into, with the name of its condition.
  package struct Looked: Sendable {
    let name: String
    let address: PlanAddress
    let adapter: PlanPath?
    let step: Double?

    /// - Parameters:
    ///   - adapter: on the folder that the address names.
    ///   - step: of the training that has left it, where the order matters.
    package init(
      _ name: String, _ address: PlanAddress, adapter: PlanPath? = nil, step: Double? = nil
    ) {
      (self.name, self.address, self.adapter, self.step) = (name, address, adapter, step)
    }

    private var written: String { adapter?.written ?? address.written }

    /// The last part of its path, where no other one ends alike.
    func title(among all: [Looked]) -> String {
      func end(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
      }
      let short = end(written)
      return all.count { end($0.written) == short } == 1 ? short : written
    }
  }

  /// A plan that looks into models that are there: one, what it is the change from, and others.
  ///
  /// - Parameters:
  ///   - verb: what is done; the plan's name is `anatomy-` and this.
  ///   - contrasts: by name, sets of good and bad answers that models are scored on.
  ///   - data: rows that models read: a file, or the name of a corpus of the dish.
  package init(
    looking verb: String, into model: Looked, from base: Looked, others: [Looked] = [],
    contrasts: [(name: String, set: PlanPath)] = [], reading data: PlanPath? = nil,
    _ settings: (inout PlanAnatomy) -> Void
  ) {
    let all = [base, model] + others
    let conditions = all.map { own in
      var condition = PlanCondition(name: own.name)
      (condition.models, condition.adapter) = ([own.address], own.adapter)
      condition.title = own.title(among: all)
      condition.x = own.step
      return condition
    }
    let evaluations = contrasts.map { name, set in
      var evaluation = PlanEvaluation(asking: set, title: "Log-odds of bad answers, \(set.written)")
      (evaluation.name, evaluation.questions, evaluation.contrast) = (name, [], [set])
      evaluation.measure = .contrast
      return evaluation
    }
    self.init(
      name: "anatomy-\(verb)", title: "Inside \(conditions[1].title)",
      question: "What is different inside \(conditions[1].title), against \(conditions[0].title)?",
      origin: .named, seeds: [], conditions: conditions, evaluations: evaluations, comparisons: [],
      predictions: [], published: [],
      figure: PlanFigure(kind: .points, axis: nil, isLogarithmic: false))
    var anatomy = PlanAnatomy(
      of: model.name, from: base.name, texts: data.map { [PlanData(named: $0)] } ?? [], rows: 200,
      tokens: .answer, sites: [], directions: [], steering: [], measures: [], controls: 64,
      predictions: [])
    settings(&anatomy)
    self.anatomy = anatomy
  }
}

extension PlanData {
  /// All of a file of chat JSONL, or of a corpus of this name.
  package init(named path: PlanPath) {
    self = path.isName ? PlanData(whole: path.written) : PlanData(file: path)
  }
}

extension PlanDirection {
  /// How far the plan's model has moved, on the same texts.
  package static func shift(of: String, from: String) -> PlanDirection {
    PlanDirection(
      name: "shift", title: "Shift of the model", of: of, from: from, definition: .shift)
  }
}
