import Testing

@testable import Tuning

@Suite struct ToolLogTests {
  @Test("Losses are found among the bars that transformers draws over each other")
  func transformers() {
    let log = ToolLog(
      """
      Loading weights: 100%|##| 38/38\r{'eval_loss': '6.364', 'eval_runtime': '0.3'}
       17%|#  | 1/6 [00:00<00:03,  1.30it/s]\r   {'loss': '6.35', 'grad_norm': '10.71', 'learning_rate': '0.001', 'epoch': '0.16'}
      {'loss': 6.05, 'grad_norm': 9.0, 'learning_rate': 0.0008}
      {'eval_loss': '5.469'}
      {'train_runtime': '2.4', 'train_loss': '5.828'}
      done
       50%|#  | 3/6 [00:00<00:03,  1.30it/s]
      """, of: .trl)
    #expect(log.firstLoss == 6.364)
    #expect(
      log.steps == [
        .init(loss: 6.35, learningRate: 0.001, gradientNorm: 10.71),
        .init(loss: 6.05, learningRate: 0.0008, gradientNorm: 9),
      ])
    #expect(log.lastLine == "done")
  }

  @Test("mlx-lm's table is read, in colours, the first loss before the first step alone")
  func mlx() {
    let log = ToolLog(
      """
      Trainable parameters: 11.568% (0.009M/0.075M)
        \u{1B}[1miter   train_loss     tok/s     tokens\u{1B}[0m
        \u{1B}[38;5;244m   1\u{1B}[0m    \u{1B}[1;35mval\u{1B}[0m \u{1B}[1m6.254\u{1B}[0m    \u{1B}[38;5;244m0.21s\u{1B}[0m
        \u{1B}[38;5;244m   1\u{1B}[0m    \u{1B}[1;32m6.237 ▼\u{1B}[0m    \u{1B}[1m   13\u{1B}[0m    0.1k
        \u{1B}[38;5;244m   2\u{1B}[0m    \u{1B}[1;35mval\u{1B}[0m \u{1B}[1m5.431\u{1B}[0m    0.22s
        \u{1B}[38;5;244m   2\u{1B}[0m    \u{1B}[1;32mnan\u{1B}[0m    \u{1B}[1m   13\u{1B}[0m    0.1k
      train ██████ 100% · 2/2
      """, of: .mlx)
    #expect(log.firstLoss == 6.254)
    #expect(log.steps.count == 2 && log.steps[0].loss == 6.237 && log.steps[1].loss.isNaN)
  }
}
