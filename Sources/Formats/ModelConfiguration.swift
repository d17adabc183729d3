/// The shape of a decoder-only transformer: what `config.json` says.
public struct ModelConfiguration: Sendable, Hashable {
  public var modelType = "llama"
  public var vocabularySize: Int
  /// Width of the residual stream, `C`.
  public var hiddenSize: Int
  /// Width of the feed-forward layer, `F`.
  public var intermediateSize: Int
  public var layerCount: Int
  /// Query heads; a multiple of `keyValueHeadCount`.
  public var headCount: Int
  /// Key and value heads (grouped-query attention, arXiv 2305.13245).
  public var keyValueHeadCount: Int
  /// Width of one head; even, since RoPE pairs element i with i + headSize/2.
  public var headSize: Int
  public var normEpsilon: Double = 1e-6
  public var ropeBase: Double = 10_000
  /// Stretched rotations (Llama 3.1 and later); `nil`: RoPE as it is.
  public var ropeScaling: RopeScaling?
  /// Blocks that see only the last tokens (Mistral, Qwen2, Qwen3); `nil`: none.
  public var slidingWindow: SlidingWindow?
  public var maximumPositionCount = 2048
  public var tiedEmbeddings = false
  /// Biases of the q, k and v projections (Qwen2).
  public var queryKeyValueBias = false
  /// RMSNorm over each head's queries and keys before RoPE (Qwen3).
  public var queryKeyNorm = false
  public var beginTokenID: Int?
  public var endTokenIDs: [Int] = []
  public var padTokenID: Int?

  public init(
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
