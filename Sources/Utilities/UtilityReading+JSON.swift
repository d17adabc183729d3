import Documents
import Statistics

extension UtilityReading {
  /// As `docs/utilities.schema.json` has it.
  package var json: JSON {
    [
      "forms": .array(forms.map { .string($0.name) }),
      "arms": .array(arms.map { $0.json(outcomes, forms) }),
      "above_floors": isAboveFloors.map(JSON.boolean) ?? .null,
      "ladders": .array(ladders.map(\.json)), "marks": .array(marks.map(\.json)),
      "exchange": .array(exchangeRates().map(\.json)),
    ]
  }
}

extension ArmReading {
  fileprivate func json(_ outcomes: [Outcome], _ forms: [ChoiceForm]) -> JSON {
    let (utilities, intervals) = (fit.utilities, fit.intervals)
    let listed = arm.places.indices.map { place -> JSON in
      let outcome = outcomes[arm.places[place]]
      return [
        "id": .string(outcome.id), "text": .string(outcome.text),
        "family": .string(outcome.family), "utility": .number(utilities[place]),
        "low": .number(intervals[place].low), "high": .number(intervals[place].high),
        "probits": .number(fit.means[place]),
      ]
    }
    return [
      "arm": .string(arm.arm.rawValue), "pairs": .integer(heldOut.pairs),
      "answers": .integer(choices.count), "missing": .integer(missing),
      "scale": .number(fit.scale), "decisiveness": .number(decisiveness),
      "flips": flips.rate.map(JSON.number) ?? .null,
      "held_out": [
        "loss": .number(heldOut.loss), "loss_free": .number(heldOut.free),
        "loss_bias": .number(heldOut.biasAlone), "loss_least": .number(heldOut.least),
        "gain": .number(heldOut.gain), "interval": heldOut.gainInterval.json,
        "right": heldOut.right.rate.map(JSON.number) ?? .null,
      ],
      "cycles": cycles.map { cycles -> JSON in
        [
          "triads": .integer(cycles.triads), "observed": .number(cycles.observed),
          "fitted": .number(cycles.fitted), "chance": .number(TriadCycles.chance),
          "decided": .integer(cycles.decided.successes),
        ]
      } ?? .null,
      "wording_agreement": wordingAgreement.map(JSON.number) ?? .null,
      "label_agreement": labelAgreement.map(JSON.number) ?? .null,
      "forms": .array(
        forms.indices.map { form -> JSON in
          [
            "form": .string(forms[form].name), "coverage": .number(coverage[form]),
            "bias": .number(fit.biases[form]), "error": .number(fit.biasErrors[form]),
          ]
        }), "outcomes": .array(listed),
    ]
  }
}

extension UtilityReading.Ladder {
  fileprivate var json: JSON {
    [
      "ladder": .string(name), "arm": .string(arm.rawValue), "better": .boolean(isBetter),
      "steps": .integer(places.count), "monotone": .integer(monotone.successes),
      "of": .integer(monotone.trials), "slope": .number(slope), "interval": slopeInterval.json,
    ]
  }
}

extension UtilityReading.Mark {
  fileprivate var json: JSON {
    [
      "mark": .string(name), "gains": .integer(gains), "losses": .integer(losses),
      "difference": .number(difference), "interval": interval.json,
    ]
  }
}

extension UtilityReading.ExchangeRate {
  fileprivate var json: JSON {
    [
      "ladder": .string(ladder), "amount": .number(amount), "unit": .string(unit),
      "log10": .number(logarithm), "interval": interval.json,
      "extrapolated": .boolean(isExtrapolated),
    ]
  }
}

extension UtilityChange {
  /// As `docs/utilities.schema.json` has it.
  package var json: JSON {
    [
      "arms": .array(arms.map { $0.json(after.outcomes) }),
      "marks": .array(
        marks.map { mark -> JSON in
          [
            "mark": .string(mark.name), "before": .number(mark.before),
            "after": .number(mark.after), "change": .number(mark.change),
            "interval": mark.interval.json,
          ]
        }),
      "personas": personas.map { .array($0.map(\.json)) } ?? .null,
    ]
  }
}

extension UtilityChange.ArmChange {
  fileprivate func json(_ outcomes: [Outcome]) -> JSON {
    [
      "arm": .string(arm.rawValue), "pearson": pearson.map(JSON.number) ?? .null,
      "spearman": spearman.map(JSON.number) ?? .null,
      "ceilings": .array(ceilings.map { $0.map(JSON.number) ?? .null }),
      "moved": .array(
        moved.map { moved -> JSON in
          [
            "id": .string(outcomes[moved.outcome].id), "change": .number(moved.change),
            "interval": moved.interval.json,
          ]
        }),
    ]
  }
}

extension PersonaShare {
  fileprivate var json: JSON {
    [
      "arm": .string(arm.rawValue), "shift": .number(shift), "shift_interval": shiftInterval.json,
      "share": .number(share), "share_interval": shareInterval.json, "change": .number(change),
      "contrast": .number(contrast),
    ]
  }
}

extension Interval {
  fileprivate var json: JSON { [.number(low), .number(high)] }
}

extension Interval? {
  fileprivate var json: JSON { self?.json ?? .null }
}
