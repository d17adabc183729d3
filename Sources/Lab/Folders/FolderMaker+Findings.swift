import Core
import Engine
import Formats
import Plans
import Store
import Tuning

extension FolderMaker {
  func directions(_ model: PlannedModel) -> [TrainingCourse.Point] { [] }

  func complete(_ findings: inout PlanFindings) throws {
    findings.identity = try identity?.hex
    findings.parameters = base?.summary.parameterCount
    findings.precision = options.precision.rawValue
    findings.defaultSystemPrompt = plan.keepsDefaultSystem ? defaultSystemPrompt : nil
    findings.trainings = try models.compactMap { model in
      guard case .trained(let training) = model.source, training.repair == nil, model.place != 0,
        try isKnown(model)
      else {
        return nil
      }
      return try finding(training)
    }
  }

  private func finding(_ training: FolderTraining) throws -> TrainingFinding {
    let tuning = try training.tuning()
    let outlook = tuning.outlook
    return TrainingFinding(
      condition: training.condition.name, seed: training.seed, folder: training.place,
      method: tuning.settings.method.rawValue,
      steps: outlook.steps, rows: outlook.rows, cutRows: outlook.cutCount,
      emptiedRows: outlook.emptiedCount,
      trainedTokens: outlook.trainedTokens, trainedParameters: outlook.trainedParameters)
  }
}
