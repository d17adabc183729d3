import Core
import Scheduling
import Testing

@Suite struct ArrayLayoutTests {
  private func stage(_ name: String, _ needs: String...) -> StageTask {
    StageTask(
      Fingerprint(hex: name), kind: "finetune", name: name,
      needs: needs.map { Fingerprint(hex: $0) }, total: 1)
  }

  private func names(_ array: ArrayLayout.Array) -> [String] {
    array.tasks.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.hex)" }
  }

  @Test("What waits for nothing is one array; needs that are done count as nothing")
  func free() {
    let layout = ArrayLayout([stage("a"), stage("b", "done")])
    #expect(layout.arrays.map(names) == [["0 a", "1 b"]])
    #expect(layout.arrays[0].dependency == .none)
  }

  @Test("Children of one stage are one array after exactly that task")
  func fan() {
    let layout = ArrayLayout([
      stage("base"), stage("other"), stage("one", "base"), stage("two", "base"),
      stage("three", "base"),
    ])
    #expect(layout.arrays.map(names) == [["0 base", "1 other"], ["0 one", "1 two", "2 three"]])
    #expect(layout.arrays[1].dependency == .tasks([.init(array: 0, index: 0)]))
  }

  @Test("Chains run side by side, each task after the task of its own index, with gaps")
  func chains() {
    let layout = ArrayLayout([
      stage("t0"), stage("t1"), stage("t2"), stage("a0", "t0"), stage("b0", "t0"),
      stage("a2", "t2"),
    ])
    #expect(
      layout.arrays.map(names) == [["0 t0", "1 t1", "2 t2"], ["0 a0", "2 a2"], ["0 b0"]]
        || layout.arrays.map(names) == [["0 t0", "1 t1", "2 t2"], ["0 a0", "1 b0"], ["0 a2"]])
    let many = ArrayLayout(
      (0..<5).map { stage("t\($0)") } + (0..<5).map { stage("a\($0)", "t\($0)") })
    #expect(many.arrays.count == 2)
    #expect(many.arrays[1].dependency == .corresponding(0))
    #expect(names(many.arrays[1]) == (0..<5).map { "\($0) a\($0)" })
  }

  @Test(
    "What waits for several stages waits for exactly them, or, where that would be many arrays, for ends"
  )
  func several() {
    let bases = (0..<6).map { stage("b\($0)") }
    let few = ArrayLayout(bases + [stage("x", "b0", "b1"), stage("y", "b1", "b0")])
    #expect(few.arrays.map(names)[1] == ["0 x", "1 y"])
    #expect(
      few.arrays[1].dependency == .tasks([.init(array: 0, index: 0), .init(array: 0, index: 1)]))
    let many = ArrayLayout(bases + (0..<5).map { stage("x\($0)", "b\($0)", "b\($0 + 1)") })
    #expect(many.arrays.count == 2)
    #expect(many.arrays[1].dependency == .ends([0]))
  }

  @Test("Stages under way are not handed over again, and what needs them waits for their tasks")
  func active() {
    let layout = ArrayLayout(
      [stage("base"), stage("one", "base")],
      active: [Fingerprint(hex: "base"): .init(array: 0, index: 3)])
    #expect(layout.arrays.map(names) == [[], ["0 one"]])
    #expect(layout.arrays[1].dependency.slurm(["77"]) == "afterok:77_3")
  }

  @Test("No index reaches the cluster's limit, and every stage is in one array")
  func limit() {
    let stages = (0..<25).map { stage("t\($0)") } + (0..<25).map { stage("a\($0)", "t\($0)") }
    let layout = ArrayLayout(stages, longest: 10)
    #expect(layout.arrays.allSatisfy { $0.tasks.keys.allSatisfy { $0 < 10 } })
    let all = layout.arrays.flatMap { $0.tasks.values.map(\.hex) }
    #expect(all.count == 50 && Set(all).count == 50)
  }
}
