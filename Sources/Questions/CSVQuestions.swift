import Core
import Documents
import Foundation

/// Questions in a table: the columns of ``QuestionRecord``. Rows that share an id and a system text are
/// wordings of one question.
enum CSVQuestions {
  static func read(_ text: String, file: String) throws(InputError) -> [Question] {
    let table = try CSVTable(parsing: Data(text.utf8), file: file)
    var questions: [Question] = []
    var places: [String: Int] = [:]
    for row in table.rows {
      let record = QuestionRecord(file: file, line: row.line, defaultID: "line-\(row.line)")
      let members = zip(table.columns, row.fields).map { name, field in
        JSONObject.Member(name, field.isEmpty ? .null : .string(field))
      }
      let question = try record.question(JSONObject(members))
      guard let place = places[question.id] else {
        places[question.id] = questions.count
        questions.append(question)
        continue
      }
      guard questions[place].system == question.system else {
        throw record.error(
          "found id \(question.id.quotedOnOneLine) again with another system text, expected an id of "
            + "its own", field: "id")
      }
      if !questions[place].paraphrases.contains(question.paraphrases[0]) {
        questions[place].paraphrases += question.paraphrases
      }
    }
    return questions
  }
}
