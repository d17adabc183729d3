// The engine's C boundary: matrix products through oneDNN, and own vector kernels with run-time
// dispatch over instruction sets.
//
// Conventions. All matrices are row-major. T tokens, C channels of the residual stream, F channels
// of the feed-forward layer, H query heads, KV key/value heads, D channels a head, V vocabulary.
// `MM` is the operand type of matrix products: float, or bfloat16 stored as uint16_t; kernels that
// touch operands exist as _f32 and _bf16. A gradient argument says whether it is assigned or added
// to. Kernels are single-threaded: parallelism lives above, over shards of the batch.
#ifndef ASKEW_CKERNELS_H
#define ASKEW_CKERNELS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- Instruction sets ---------------------------------------------------------------------

typedef enum {
  ASKEW_ISA_BASELINE = 0,  // x86-64 (SSE2) or arm64 (NEON)
  ASKEW_ISA_AVX2 = 1,
  ASKEW_ISA_AVX512 = 2,
} askew_isa;

/// The best instruction set that this processor and operating system offer and the environment's
/// ASKEW_ISA allows: `baseline`, `avx2` or `avx512` (all). oneDNN keeps to the same limit.
askew_isa askew_best_isa(void);
/// Whether ASKEW_ISA is set to a name that is none; it then limits nothing.
int askew_has_unknown_isa_limit(void);
/// The one that the calling thread uses: the best, unless it chose another.
askew_isa askew_current_isa(void);
/// Chooses an instruction set for the calling thread's later calls, for tests; returns 0, or -1 when
/// it is not available.
int askew_select_isa(askew_isa isa);
/// Whether the processor multiplies bfloat16 in hardware (AVX512-BF16, AMX, or Arm BF16).
int askew_has_bf16(void);

// ---- Matrix products (oneDNN) ---------------------------------------------------------------

typedef enum { ASKEW_F32 = 0, ASKEW_BF16 = 1 } askew_type;

/// c[m, n] = (c if accumulate) + a[m, k] · b[k, n]; a(i, k) = a[i * a_row + k * a_col], likewise b;
/// rows of c are c_row apart and contiguous inside. Strides in elements; one of each pair is 1.
typedef struct {
  int64_t m, n, k;
  int64_t a_row, a_col, b_row, b_col, c_row;
  int32_t operand_type;  // of a and b
  int32_t result_type;
  int32_t accumulate;
  int32_t b_packed;  // b is what askew_pack made; its strides are 0
} askew_matmul_shape;

/// Runs the product on the calling thread alone. Returns 0, or oneDNN's status.
/// Primitives are cached per thread and shape; safe to call from several threads.
int askew_matmul(const askew_matmul_shape *shape, const void *a, const void *b, void *c);
/// Bytes that a weight [n, k] takes when packed, or −1 if oneDNN has no kernel for that.
int64_t askew_packed_bytes(int64_t n, int64_t k, int32_t type);
/// Packs the transpose of a row-major weight [n, k] as the b of products, whatever their m, whose
/// rows of c are n apart: for others oneDNN has no kernel.
int askew_pack(const void *weight, int64_t n, int64_t k, int32_t type, void *packed);
/// oneDNN's version as major * 10000 + minor * 100 + patch.
int askew_onednn_version(void);
/// Frees what the calling thread cached.
void askew_matmul_release_thread(void);

// ---- Where the time goes ----------------------------------------------------------------------

/// Adds the seconds of the calling thread's later kernel calls and products to `seconds`, one sum for
/// each name; NULL ends that.
void askew_profile(double *seconds);
/// The name of sum `index`: every kernel, then "matmul"; NULL behind the last.
const char *askew_profile_name(long index);
/// The shapes of the products that the calling thread has run and how often: fills up to `capacity`
/// of each and returns how many there are.
long askew_matmul_calls(askew_matmul_shape *shapes, int64_t *calls, long capacity);

// ---- Vector kernels -------------------------------------------------------------------------

#define ASKEW_TYPED_KERNELS(X, S, MM)                                                              \
  /* y = w · x · rstd with rstd = 1/√(mean(x²) + eps); arXiv 1910.07467. rstd [T] is kept. */      \
  X(rmsnorm_forward_##S,                                                                           \
    (const float *x, const float *w, MM *y, float *rstd, long T, long C, float eps),               \
    (x, w, y, rstd, T, C, eps))                                                                    \
  /* dx += …, dx_operand = dx rounded (may be null), dw += … (may be null). */                     \
  X(rmsnorm_backward_##S,                                                                          \
    (const float *dy, const float *x, const float *w, const float *rstd, float *dx,                \
     MM *dx_operand, float *dw, long T, long C),                                                   \
    (dy, x, w, rstd, dx, dx_operand, dw, T, C))                                                    \
  /* gate_up [T, 2F]: gate first. act = gate · σ(gate) · up; arXiv 2002.05202. */                  \
  X(swiglu_forward_##S, (const MM *gate_up, MM *act, long T, long F), (gate_up, act, T, F))        \
  X(swiglu_backward_##S, (const MM *gate_up, const MM *dact, MM *dgate_up, long T, long F),        \
    (gate_up, dact, dgate_up, T, F))                                                               \
  /* Queries of one sequence from position `from` on, Q = T − from. qkv [T, (H + 2·KV)·D] after      \
     RoPE; out [Q, H·D]; lse [H, Q] is kept. A query meets itself and the window − 1 keys before   \
     it (arXiv 2310.06825). */                                                                     \
  X(attention_forward_##S,                                                                         \
    (const float *qkv, MM *out, float *lse, float *work, long T, long from, long H, long KV,       \
     long D, long window),                                                                         \
    (qkv, out, lse, work, T, from, H, KV, D, window))                                              \
  /* y = scale · x, rounded. */                                                                    \
  X(cast_##S, (const float *x, MM *y, long n, float scale), (x, y, n, scale))                      \
  /* Row p: loss[p] = −log softmax(logits[p])[target[p]]; dlogits, unless NULL, =                  \
     (softmax − onehot) · scale,                                                                   \
     zeros where target is negative (a padding row, loss 0). */                                    \
  X(cross_entropy_##S,                                                                             \
    (const float *logits, const int32_t *targets, MM *dlogits, float *loss, long P, long V,        \
     float scale),                                                                                 \
    (logits, targets, dlogits, loss, P, V, scale))                                                 \
  /* Row p: loss[p] = Σ_v q_v · (log q_v − log p_v) with p = softmax(logits[p]) and                \
     q = softmax(reference[p]); dlogits = (p − q) · scale; zeros where target is negative. Equal   \
     rows give exactly 0. */                                                                       \
  X(divergence_##S,                                                                                \
    (const float *logits, const float *reference, const int32_t *targets, MM *dlogits,             \
     float *loss, long P, long V, float scale),                                                    \
    (logits, reference, targets, dlogits, loss, P, V, scale))                                      \
  /* One query row against a shared prefix and the row's own tail of keys and values.              \
     Keys lie in blocks of sixteen positions, [KV, capacity / 16, D, 16], so that a query meets      \
     sixteen at a time; values [KV, capacity, D]; capacities are multiples of 16. work holds         \
     H · (prefix count + tail count, each rounded up to 16) + D floats. Keys before position         \
     `first` of both together are not met. */                                                        \
  X(attention_decode_##S,                                                                          \
    (const float *q, const MM *prefix_k, const MM *prefix_v, long prefix_count,                    \
     long prefix_capacity, const MM *tail_k, const MM *tail_v, long tail_count,                    \
     long tail_capacity, MM *out, float *work, long H, long KV, long D, long first),               \
    (q, prefix_k, prefix_v, prefix_count, prefix_capacity, tail_k, tail_v, tail_count,             \
     tail_capacity, out, work, H, KV, D, first))                                                          \
  /* Stores one position's keys and values [KV · D] in a cache of that layout. */                   \
  X(cache_store_##S,                                                                               \
    (const float *keys, const float *values, MM *k, MM *v, long position, long capacity, long KV,  \
     long D),                                                                                      \
    (keys, values, k, v, position, capacity, KV, D))

#define ASKEW_PLAIN_KERNELS(X)                                                                     \
  /* The same queries: dqkv is assigned, but for those before `from`. dout [Q, H·D]. */            \
  X(attention_backward,                                                                            \
    (const float *qkv, const float *dout, const float *lse, float *dqkv, float *work, long T,      \
     long from, long H, long KV, long D, long window),                                             \
    (qkv, dout, lse, dqkv, work, T, from, H, KV, D, window))                                       \
  /* In place on `heads` heads of D channels from `x` on, rows `row` apart: element i is paired    \
     with i + D/2 (arXiv 2104.09864, half-split). cosine, sine [positions, D/2]; direction +1      \
     rotates, −1 rotates back. */                                                                  \
  X(rope,                                                                                          \
    (float *x, const int32_t *positions, const float *cosine, const float *sine, long T, long row, \
     long heads, long D, float direction),                                                         \
    (x, positions, cosine, sine, T, row, heads, D, direction))                                     \
  /* RMSNorm of each head in place; the un-normed values go to `saved` [T, heads · D], 1/rms to    \
     rstd [T, heads]. */                                                                           \
  X(head_norm_forward,                                                                             \
    (float *x, const float *w, float *saved, float *rstd, long T, long row, long heads, long D,    \
     float eps),                                                                                   \
    (x, w, saved, rstd, T, row, heads, D, eps))                                                    \
  /* dx in place (assigned), dw += … (may be null). */                                             \
  X(head_norm_backward,                                                                            \
    (float *dx, const float *saved, const float *w, const float *rstd, float *dw, long T,          \
     long row, long heads, long D),                                                                \
    (dx, saved, w, rstd, dw, T, row, heads, D))                                                    \
  X(add_bias, (float *x, const float *bias, long T, long N), (x, bias, T, N))                      \
  /* total[n] += Σ_t x[t, n]. */                                                                   \
  X(add_columns, (const float *x, float *total, long T, long N), (x, total, T, N))                 \
  /* y += x. */                                                                                    \
  X(add, (const float *x, float *y, long n), (x, y, n))                                            \
  /* y = Σ of `count` blocks in their order, from `offset` on; Σ y² goes to *squares. */             \
  X(sum_blocks, (const float *const *blocks, long count, long offset, float *y, long n,            \
     double *squares),                                                                             \
    (blocks, count, offset, y, n, squares))                                                        \
  /* AdamW (arXiv 1711.05101): p = p · keep − lr1 · m / (√v · c2 + eps) with keep = 1 − lr · decay, \
     lr1 = lr/(1 − β1ᵗ) and c2 = 1/√(1 − β2ᵗ). The gradient is scaled by gscale first. */           \
  X(adamw,                                                                                         \
    (float *p, float *m, float *v, const float *g, long n, float gscale, float beta1, float beta2, \
     float lr1, float c2, float eps, float keep),                                                 \
    (p, m, v, g, n, gscale, beta1, beta2, lr1, c2, eps, keep))                                    \
  /* A weight w [N, K], rows w_row apart, as row_product reads it: panels of sixteen of its rows,       \
     [⌈N/16⌉, K, 16], zeros behind the last. */                                                    \
  X(pack_rows, (const float *w, long w_row, float *packed, long N, long K),                        \
    (w, w_row, packed, N, K))                                                                      \
  /* c[M, N] = (c if accumulate) + a[M, K] · wᵀ, w packed. Each element is one chain of               \
     multiply-adds over k in order: a row's bytes depend on that row and w alone. */               \
  X(row_product,                                                                                   \
    (const float *a, long a_row, const float *packed, float *c, long c_row, long M, long N,        \
     long K, int accumulate),                                                                      \
    (a, a_row, packed, c, c_row, M, N, K, accumulate))                                             \
  /* *result = max x. */                                                                           \
  X(largest, (const float *x, long n, float *result), (x, n, result))                              \
  /* p[i] = exp((x[i] − max x) · inverse_temperature), their total in *sum; x may be p. */           \
  X(exponentials, (const float *x, float *p, long n, float inverse_temperature, float *sum),       \
    (x, p, n, inverse_temperature, sum))

#define ASKEW_DECLARE(name, params, args) void askew_##name params;
ASKEW_TYPED_KERNELS(ASKEW_DECLARE, f32, float)
ASKEW_TYPED_KERNELS(ASKEW_DECLARE, bf16, uint16_t)
ASKEW_PLAIN_KERNELS(ASKEW_DECLARE)
#undef ASKEW_DECLARE

/// Tells the processor that this thread only waits, in a loop.
static inline void askew_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Floats of workspace that attention_forward and attention_backward need for T tokens.
long askew_attention_work(long T, long D);

#ifdef __cplusplus
}
#endif
#endif
