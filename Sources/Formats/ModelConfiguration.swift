/// The shape of a decoder-only transformer: what `config.json` says.
package struct ModelConfiguration: Sendable, Hashable {
  package var modelType = "llama"
  package var vocabularySize: Int
  /// Width of the residual stream, `C`.
  package var hiddenSize: Int
  /// Width of the feed-forward layer, `F`.
  package var intermediateSize: Int
  package var layerCount: Int
  /// Query heads; a multiple of `keyValueHeadCount`.
  package var headCount: Int
  /// Key and value heads (grouped-query attention, arXiv 2305.13245).
  package var keyValueHeadCount: Int
  /// Width of one head; even, since RoPE pairs element i with i + headSize/2.
  package var headSize: Int
  package var normEpsilon: Double = 1e-6
  package var ropeBase: Double = 10_000
  /// Stretched rotations (Llama 3.1 and later); `nil`: RoPE as it is.
  package var ropeScaling: RopeScaling?
  /// Blocks that see only the last tokens (Mistral, Qwen2, Qwen3); `nil`: none.
  package var slidingWindow: SlidingWindow?
  package var maximumPositionCount = 2048
  package var tiedEmbeddings = false
  /// Biases of the q, k and v projections (Qwen2).
  package var queryKeyValueBias = false
  /// RMSNorm over each head's queries and keys before RoPE (Qwen3).
  package var queryKeyNorm = false
  package var beginTokenID: Int?
  package var endTokenIDs: [Int] = []
  package var padTokenID: Int?

  package init(
    vocabularySize: Int, hiddenSize: Int, intermediateSize: Int, layerCount: Int, headCount: Int,
    keyValueHeadCount: Int? = nil, headSize: Int? = nil
  ) {
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.layerCount = layerCount
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount ?? headCount
    self.headSize = headSize ?? hiddenSize / headCount
  }
}
