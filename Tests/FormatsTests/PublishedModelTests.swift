import Core
import Testing

import Documents
import Formats

/// The shapes of models that people use, as their folders on the Hub give them (keys that say
/// nothing here left out), and the number of parameters that is published for each.
@Suite("Published models")
struct PublishedModelTests {
  struct Published: Sendable, CustomTestStringConvertible {
    let name: String
    let config: String
    let parameterCount: Int
    var testDescription: String { name }
  }

  static let models = [
    Published(
      name: "Qwen2.5-0.5B-Instruct",
      config: #"""
        {"architectures":["Qwen2ForCausalLM"],"attention_dropout":0.0,"bos_token_id":151643,
         "eos_token_id":151645,"hidden_act":"silu","hidden_size":896,"initializer_range":0.02,
         "intermediate_size":4864,"max_position_embeddings":32768,"max_window_layers":21,
         "model_type":"qwen2","num_attention_heads":14,"num_hidden_layers":24,
         "num_key_value_heads":2,"rms_norm_eps":1e-06,"rope_theta":1000000.0,
         "sliding_window":32768,"tie_word_embeddings":true,"torch_dtype":"bfloat16",
         "transformers_version":"4.43.1","use_cache":true,"use_sliding_window":false,
         "vocab_size":151936}
        """#, parameterCount: 494_032_768),
    Published(
      name: "Qwen2.5-7B",
      config: #"""
        {"architectures":["Qwen2ForCausalLM"],"hidden_act":"silu","hidden_size":3584,
         "intermediate_size":18944,"max_position_embeddings":131072,"max_window_layers":28,
         "model_type":"qwen2","num_attention_heads":28,"num_hidden_layers":28,
         "num_key_value_heads":4,"rms_norm_eps":1e-06,"rope_theta":1000000.0,
         "sliding_window":131072,"tie_word_embeddings":false,"use_sliding_window":false,
         "vocab_size":152064}
        """#, parameterCount: 7_615_616_512),
    Published(
      name: "Qwen3-0.6B",
      config: #"""
        {"architectures":["Qwen3ForCausalLM"],"attention_bias":false,"bos_token_id":151643,
         "eos_token_id":151645,"head_dim":128,"hidden_act":"silu","hidden_size":1024,
         "intermediate_size":3072,"max_position_embeddings":40960,"max_window_layers":28,
         "model_type":"qwen3","num_attention_heads":16,"num_hidden_layers":28,
         "num_key_value_heads":8,"rms_norm_eps":1e-06,"rope_scaling":null,"rope_theta":1000000,
         "sliding_window":null,"tie_word_embeddings":true,"use_sliding_window":false,
         "vocab_size":151936}
        """#, parameterCount: 596_049_920),
    Published(
      name: "Llama-3.2-1B-Instruct",
      config: #"""
        {"architectures":["LlamaForCausalLM"],"attention_bias":false,"bos_token_id":128000,
         "eos_token_id":[128001,128008,128009],"head_dim":64,"hidden_act":"silu",
         "hidden_size":2048,"intermediate_size":8192,"max_position_embeddings":131072,
         "mlp_bias":false,"model_type":"llama","num_attention_heads":32,"num_hidden_layers":16,
         "num_key_value_heads":8,"pretraining_tp":1,"rms_norm_eps":1e-05,
         "rope_scaling":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,
         "original_max_position_embeddings":8192,"rope_type":"llama3"},"rope_theta":500000.0,
         "tie_word_embeddings":true,"torch_dtype":"bfloat16","vocab_size":128256}
        """#, parameterCount: 1_235_814_400),
    Published(
      name: "Llama-2-7b-hf",
      config: #"""
        {"architectures":["LlamaForCausalLM"],"bos_token_id":1,"eos_token_id":2,
         "hidden_act":"silu","hidden_size":4096,"intermediate_size":11008,
         "max_position_embeddings":4096,"model_type":"llama","num_attention_heads":32,
         "num_hidden_layers":32,"num_key_value_heads":32,"pretraining_tp":1,
         "rms_norm_eps":1e-05,"rope_scaling":null,"tie_word_embeddings":false,
         "torch_dtype":"float16","vocab_size":32000}
        """#, parameterCount: 6_738_415_616),
    Published(
      name: "Mistral-7B-v0.1",
      config: #"""
        {"architectures":["MistralForCausalLM"],"bos_token_id":1,"eos_token_id":2,
         "hidden_act":"silu","hidden_size":4096,"intermediate_size":14336,
         "max_position_embeddings":32768,"model_type":"mistral","num_attention_heads":32,
         "num_hidden_layers":32,"num_key_value_heads":8,"rms_norm_eps":1e-05,
         "rope_theta":10000.0,"sliding_window":4096,"tie_word_embeddings":false,
         "torch_dtype":"bfloat16","vocab_size":32000}
        """#, parameterCount: 7_241_732_096),
    Published(
      name: "SmolLM2-135M",
      config: #"""
        {"architectures":["LlamaForCausalLM"],"attention_bias":false,"bos_token_id":0,
         "eos_token_id":0,"hidden_act":"silu","hidden_size":576,"intermediate_size":1536,
         "is_llama_config":true,"max_position_embeddings":8192,"model_type":"llama",
         "num_attention_heads":9,"num_hidden_layers":30,"num_key_value_heads":3,
         "rms_norm_eps":1e-05,"rope_interleaved":false,"rope_scaling":null,"rope_theta":100000,
         "tie_word_embeddings":true,"torch_dtype":"bfloat16","vocab_size":49152}
        """#, parameterCount: 134_515_008),
    Published(
      name: "TinyLlama-1.1B-Chat-v1.0",
      config: #"""
        {"architectures":["LlamaForCausalLM"],"attention_bias":false,"bos_token_id":1,
         "eos_token_id":2,"hidden_act":"silu","hidden_size":2048,"intermediate_size":5632,
         "max_position_embeddings":2048,"model_type":"llama","num_attention_heads":32,
         "num_hidden_layers":22,"num_key_value_heads":4,"pretraining_tp":1,"rms_norm_eps":1e-05,
         "rope_scaling":null,"rope_theta":10000.0,"tie_word_embeddings":false,
         "torch_dtype":"bfloat16","vocab_size":32000}
        """#, parameterCount: 1_100_048_384),
  ]

  @Test("Each is read, and has as many parameters as published", arguments: models)
  func parameterCount(_ model: Published) throws {
    let configuration = try ModelConfiguration(json: JSON(text: model.config))
    let count = configuration.tensorShapes().reduce(0) { $0 + $1.shape.reduce(1, *) }
    #expect(count == model.parameterCount)
    #expect(try ModelConfiguration(json: configuration.json()) == configuration)
    let windows = (0..<configuration.layerCount).map { configuration.slidingWindow(layer: $0) }
    let window = model.name == "Mistral-7B-v0.1" ? 4096 : nil
    #expect(windows.allSatisfy { $0 == window })
    #expect((configuration.ropeScaling != nil) == (model.name == "Llama-3.2-1B-Instruct"))
  }
}
