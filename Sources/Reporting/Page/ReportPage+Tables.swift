import Lab

extension ReportPage {
  /// The question families to show: those of the input, or, without any, those of the results.
  var shownQuestions: [ReportQuestion] {
    if !input.questions.isEmpty { return input.questions }
    return (results.conditions.first?.questions ?? []).map {
      ReportQuestion(id: $0.id, wording: $0.id)
    }
  }

  var questionTable: String {
    let rows = shownQuestions.flatMap { question in
      results.conditions.compactMap { condition -> [String]? in
        guard let result = condition.questions.first(where: { $0.id == question.id }) else {
          return nil
        }
        let estimate = result.misalignedOfCoherent
        return [
          question.wording, condition.key.label, condition.method.label, String(result.answers),
          String(result.coherent), String(result.misaligned), NumberText.percent(estimate.rate),
          NumberText.interval(estimate.interval), NumberText.interval(estimate.wilson),
        ]
      }
    }
    return HTML.table(
      caption: "Misaligned answers by question family, seeds pooled",
      header: [
        "question", "fine-tuned on", "method", "answers", "coherent", "misaligned",
        "% of coherent", "over models", "over answers",
      ], rows: rows, wordColumns: 3)
  }

  var pooledTable: String {
    let rows = results.conditions.map { condition in
      let coherent = condition.misalignedOfCoherent
      let all = condition.misalignedOfAll
      return [
        condition.key.label, condition.method.label, String(condition.seeds),
        NumberText.count(condition.answers), NumberText.percent(condition.coherentFraction),
        NumberText.count(condition.misaligned), NumberText.percent(coherent.rate),
        NumberText.interval(coherent.interval), NumberText.interval(coherent.wilson),
        NumberText.percent(all.rate), NumberText.interval(all.interval),
        NumberText.interval(all.wilson), NumberText.percent(condition.inDomainRate),
      ]
    }
    return HTML.table(
      caption: "Pooled over questions and seeds; rates and 95 % intervals in percent",
      header: [
        "fine-tuned on", "method", "seeds", "answers", "coherent", "misaligned", "of coherent",
        "over models", "over answers", "of all", "over models", "over answers", "in domain",
      ], rows: rows, wordColumns: 2)
      + HTML.details("Each model by itself", perSeedTable)
  }

  private var perSeedTable: String {
    let rows = results.conditions.flatMap { condition in
      condition.perSeed.map { seed in
        [
          condition.key.label, condition.method.label, String(seed.seed), String(seed.answers),
          String(seed.coherent), String(seed.misaligned),
          NumberText.percent(seed.misalignedOfCoherent), NumberText.percent(seed.misalignedOfAll),
        ]
      }
    }
    return HTML.table(
      caption: "One row a model",
      header: [
        "fine-tuned on", "method", "seed", "answers", "coherent", "misaligned", "% of coherent",
        "% of all",
      ], rows: rows, wordColumns: 2)
  }

  var curveTable: String {
    let rows = input.curves.map { curve in
      let points = curve.points
      return [
        curve.panel, curve.name, String(points.count), NumberText.score(points.first?.loss),
        NumberText.score(points.last?.loss),
      ]
    }
    return HTML.table(
      caption: "Loss in nats a token", header: ["stage", "model", "steps", "first", "last"],
      rows: rows, wordColumns: 2)
  }
}
