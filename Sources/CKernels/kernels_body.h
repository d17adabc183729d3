// The kernels, once for every instruction set: kernels_<isa>.c defines KERNEL(name), sets the
// compiler's target and includes this file. No global fast-math: sums may be reordered and products
// contracted inside these files only, and `exponential` forbids even that.
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "CKernels.h"

#pragma clang fp reassociate(on) contract(fast)

#define INLINE static inline __attribute__((always_inline))

typedef float v16 __attribute__((vector_size(64), aligned(4)));

// exp(x) to about 1 ulp: 2^n · p(r) with n = round(x / ln 2) (Cephes' polynomial). Below −87.3 the
// result is 0 or the smallest normal number, never a denormal.
INLINE float exponential(float x) {
#pragma clang fp reassociate(off) contract(fast)
  x = x < -87.3f ? -87.3f : x;
  x = x > 88.3f ? 88.3f : x;
  const float shift = 12582912.0f;  // 1.5 · 2^23: adding it rounds to a whole number
  float n = (x * 1.44269504f + shift) - shift;
  float r = x - n * 0.693359375f + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  int32_t bits = ((int32_t)n + 127) << 23;
  float scale;
  memcpy(&scale, &bits, 4);
  return p * scale;
}

INLINE float load_f32(const float *p) { return *p; }
INLINE void store_f32(float *p, float v) { *p = v; }
INLINE float load_bf16(const uint16_t *p) {
  uint32_t bits = (uint32_t)*p << 16;
  float v;
  memcpy(&v, &bits, 4);
  return v;
}
// Round to nearest, ties to even; a NaN stays one.
INLINE void store_bf16(uint16_t *p, float v) {
  uint32_t bits;
  memcpy(&bits, &v, 4);
  uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  *p = (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? (bits >> 16) | 0x40u : rounded);
}

typedef uint16_t h16 __attribute__((vector_size(32), aligned(2)));
typedef uint32_t u16 __attribute__((vector_size(64)));

// Sixteen operands as floats: macros, because vectors returned from functions have an ABI.
#define LOAD16_F32(p) (*(const v16 *)(p))
#define LOAD16_BF16(p) ((v16)(__builtin_convertvector(*(const h16 *)(p), u16) << 16))

INLINE float maximum(const float *x, long n) {
  float result = -INFINITY;
  long i = 0;
  if (n >= 16) {
    v16 best = *(const v16 *)x;
    for (i = 16; i + 16 <= n; i += 16) best = __builtin_elementwise_max(best, *(const v16 *)(x + i));
    result = __builtin_reduce_max(best);
  }
  for (; i < n; i++) result = x[i] > result ? x[i] : result;
  return result;
}

INLINE float sum_of_exponentials(const float *x, long n, float m) {
  float sum = 0;
  for (long i = 0; i < n; i++) sum += exponential(x[i] - m);
  return sum;
}

// a · ka − b · kb with both products rounded: 0 for equals, which a fused product would miss.
INLINE float scaled_difference(float a, float ka, float b, float kb) {
#pragma clang fp reassociate(off) contract(off)
  return a * ka - b * kb;
}

// (a − b) + shift in that order: a − b is exact where the two are close.
INLINE float log_ratio(float a, float b, float shift) {
#pragma clang fp reassociate(off)
  return (a - b) + shift;
}

#include "attention_body.h"

#define MM float
#define TYPED(name) KERNEL(name##_f32)
#define TYPED_INLINE(name) name##_f32
#define LOAD load_f32
#define LOAD16 LOAD16_F32
#define STORE store_f32
#include "typed_body.h"
#include "decode_body.h"
#undef MM
#undef TYPED
#undef TYPED_INLINE
#undef LOAD
#undef LOAD16
#undef STORE

#define MM uint16_t
#define TYPED(name) KERNEL(name##_bf16)
#define TYPED_INLINE(name) name##_bf16
#define LOAD load_bf16
#define LOAD16 LOAD16_BF16
#define STORE store_bf16
#include "typed_body.h"
#include "decode_body.h"
#undef MM
#undef TYPED
#undef TYPED_INLINE
#undef LOAD
#undef LOAD16
#undef STORE

#include "plain_body.h"
#include "rows_body.h"
