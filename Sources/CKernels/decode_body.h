// Attention of single queries over caches, for sampling; once for each operand type.

// s[16 · blocks] = q · keys, blocks [blocks, D, 16]. Two sums a block, so that additions overlap.
INLINE void TYPED_INLINE(key_blocks)(const int blocks, const float *q, const MM *k, long D,
                                     float *s) {
  v16 sum[KEY_BLOCKS][2];
#pragma clang loop unroll(full)
  for (int b = 0; b < blocks; b++) sum[b][0] = sum[b][1] = (v16){0};
  for (long d = 0; d < D / 2 * 2; d += 2)
#pragma clang loop unroll(full)
    for (int b = 0; b < blocks; b++) {
      const MM *at = k + (b * D + d) * 16;
      sum[b][0] += q[d] * LOAD16(at);
      sum[b][1] += q[d + 1] * LOAD16(at + 16);
    }
#pragma clang loop unroll(full)
  for (int b = 0; b < blocks; b++) {
    if (D % 2) sum[b][0] += q[D - 1] * LOAD16(k + (b * D + D - 1) * 16);
    *(v16 *)(s + 16 * b) = sum[b][0] + sum[b][1];
  }
}

INLINE void TYPED_INLINE(key_scores)(const float *q, const MM *k, long blocks, long D, float *s) {
  long b = 0;
  for (; b + KEY_BLOCKS <= blocks; b += KEY_BLOCKS)
    TYPED_INLINE(key_blocks)(KEY_BLOCKS, q, k + b * D * 16, D, s + 16 * b);
  for (; b < blocks; b++) TYPED_INLINE(key_blocks)(1, q, k + b * D * 16, D, s + 16 * b);
}

// o[16 · vectors] = Σ_j pa[j] · va[j, D] + Σ_j pb[j] · vb[j, D], four rows at a time.
INLINE void TYPED_INLINE(value_sums)(const int vectors, const float *pa, const MM *va, long na,
                                     const float *pb, const MM *vb, long nb, long D, float *o) {
  v16 sum[4][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++)
#pragma clang loop unroll(full)
    for (int n = 0; n < vectors; n++) sum[i][n] = (v16){0};
  for (int part = 0; part < 2; part++) {
    const float *p = part ? pb : pa;
    const MM *v = part ? vb : va;
    const long count = part ? nb : na;
    long j = 0;
    for (; j + 4 <= count; j += 4)
#pragma clang loop unroll(full)
      for (int i = 0; i < 4; i++)
#pragma clang loop unroll(full)
        for (int n = 0; n < vectors; n++)
          sum[i][n] += p[j + i] * LOAD16(v + (j + i) * D + 16 * n);
    for (; j < count; j++)
#pragma clang loop unroll(full)
      for (int n = 0; n < vectors; n++)
        sum[0][n] += p[j] * LOAD16(v + j * D + 16 * n);
  }
#pragma clang loop unroll(full)
  for (int n = 0; n < vectors; n++)
    *(v16 *)(o + 16 * n) = (sum[0][n] + sum[1][n]) + (sum[2][n] + sum[3][n]);
}

INLINE void TYPED_INLINE(mix_values)(const float *pa, const MM *va, long na, const float *pb,
                                     const MM *vb, long nb, long D, float *o) {
  long d = 0;
  for (; d + 32 <= D; d += 32) TYPED_INLINE(value_sums)(2, pa, va + d, na, pb, vb + d, nb, D, o + d);
  for (; d + 16 <= D; d += 16) TYPED_INLINE(value_sums)(1, pa, va + d, na, pb, vb + d, nb, D, o + d);
  for (; d < D; d++) {
    o[d] = 0;
    for (long j = 0; j < na; j++) o[d] += pa[j] * LOAD(va + j * D + d);
    for (long j = 0; j < nb; j++) o[d] += pb[j] * LOAD(vb + j * D + d);
  }
}

void TYPED(attention_decode)(const float *q, const MM *prefix_k, const MM *prefix_v,
                             long prefix_count, long prefix_capacity, const MM *tail_k,
                             const MM *tail_v, long tail_count, long tail_capacity, MM *out,
                             float *work, long H, long KV, long D, long first) {
  const float scale = 1.0f / sqrtf((float)D);
  const long group = H / KV, prefix_columns = padded(prefix_count);
  const long columns = prefix_columns + padded(tail_count);
  float *o = work + H * columns;
  for (long h = 0; h < H; h++) {
    const long g = h / group;
    float *s = work + h * columns;
    TYPED_INLINE(key_scores)(q + h * D, prefix_k + g * D * prefix_capacity, prefix_columns / 16, D, s);
    TYPED_INLINE(key_scores)(q + h * D, tail_k + g * D * tail_capacity,
                             (columns - prefix_columns) / 16, D, s + prefix_columns);
  }
  for (long h = 0; h < H; h++) {
    const long g = h / group;
    float *s = work + h * columns;
    // Columns without a key count for nothing: their exponential vanishes beside the largest, 1.
    for (long j = 0; j < first && j < prefix_count; j++) s[j] = -1e30f;
    for (long j = prefix_count; j < first; j++) s[prefix_columns + j - prefix_count] = -1e30f;
    for (long j = prefix_count; j < prefix_columns; j++) s[j] = -1e30f;
    for (long j = prefix_columns + tail_count; j < columns; j++) s[j] = -1e30f;
    const float m = maximum(s, columns);
    float sum = 0;
    for (long j = 0; j < columns; j++) sum += s[j] = exponential((s[j] - m) * scale);
    const float k = 1.0f / sum;
    TYPED_INLINE(mix_values)(s, prefix_v + g * prefix_capacity * D, prefix_count, s + prefix_columns,
                             tail_v + g * tail_capacity * D, tail_count, D, o);
    for (long d = 0; d < D; d++) STORE(out + h * D + d, o[d] * k);
  }
}

void TYPED(cache_store)(const float *keys, const float *values, MM *k, MM *v, long position,
                        long capacity, long KV, long D) {
  for (long g = 0; g < KV; g++) {
    MM *to = k + g * D * capacity + position / 16 * D * 16 + position % 16;
    for (long d = 0; d < D; d++) STORE(to + d * 16, keys[g * D + d]);
    for (long d = 0; d < D; d++) STORE(v + (g * capacity + position) * D + d, values[g * D + d]);
  }
}
