// Small matrix products inside attention, blocked for registers: heads are too small and their
// masks too ragged for a call to oneDNN to pay.

#define QUERY_BLOCK 32
// Blocks of sixteen keys that a query meets at a time.
#define KEY_BLOCKS 3
#define ROW_BLOCK 8

INLINE long padded(long n) { return (n + 15) & ~15L; }

// A head's rows as they lie, or packed with zeros behind them where heads are no multiple of a vector.
typedef struct {
  const float *rows;
  long stride;
} head_rows;

INLINE head_rows whole_rows(const float *x, long row, long T, long D, float *y, long Dp) {
  if (D == Dp) return (head_rows){x, row};
  for (long t = 0; t < T; t++) {
    for (long d = 0; d < D; d++) y[t * Dp + d] = x[t * row + d];
    for (long d = D; d < Dp; d++) y[t * Dp + d] = 0;
  }
  return (head_rows){y, Dp};
}

INLINE void pack_transposed(const float *x, long row, long T, long D, float *y, long Tp,
                            float scale) {
  for (long d = 0; d < D; d++) {
    for (long t = 0; t < T; t++) y[d * Tp + t] = x[t * row + d] * scale;
    for (long t = T; t < Tp; t++) y[d * Tp + t] = 0;
  }
}

// c[rows, 16 · vectors] (+)= a(i, k) · b[k, …] held in registers; rows and vectors are constants.
INLINE void tile(const int rows, const int vectors, long K, const float *a, long a_row, long a_col,
                 const float *b, long ldb, float *c, long ldc, int accumulate) {
  v16 sum[ROW_BLOCK][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int n = 0; n < vectors; n++)
      sum[i][n] = accumulate ? *(const v16 *)(c + i * ldc + 16 * n) : (v16){0};
  for (long k = 0; k < K; k++) {
    v16 right[2];
#pragma clang loop unroll(full)
    for (int n = 0; n < vectors; n++) right[n] = *(const v16 *)(b + k * ldb + 16 * n);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (int n = 0; n < vectors; n++) sum[i][n] += a[i * a_row + k * a_col] * right[n];
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int n = 0; n < vectors; n++) *(v16 *)(c + i * ldc + 16 * n) = sum[i][n];
}

INLINE void tile_rows(long rows, const int vectors, long K, const float *a, long a_row, long a_col,
                      const float *b, long ldb, float *c, long ldc, int accumulate) {
  long i = 0;
  for (; i + ROW_BLOCK <= rows; i += ROW_BLOCK)
    tile(ROW_BLOCK, vectors, K, a + i * a_row, a_row, a_col, b, ldb, c + i * ldc, ldc, accumulate);
  for (; i + 2 <= rows; i += 2)
    tile(2, vectors, K, a + i * a_row, a_row, a_col, b, ldb, c + i * ldc, ldc, accumulate);
  if (i < rows)
    tile(1, vectors, K, a + i * a_row, a_row, a_col, b, ldb, c + i * ldc, ldc, accumulate);
}

// c[M, N] (+)= a · b with a(i, k) = a[i·a_row + k·a_col]; N is a multiple of 16.
static __attribute__((noinline)) void product(long M, long N, long K, const float *a, long a_row,
                                              long a_col, const float *b, long ldb, float *c,
                                              long ldc, int accumulate) {
  long n = 0;
#if COLUMN_VECTORS == 2
  for (; n + 32 <= N; n += 32)
    tile_rows(M, 2, K, a, a_row, a_col, b + n, ldb, c + n, ldc, accumulate);
#endif
  for (; n < N; n += 16) tile_rows(M, 1, K, a, a_row, a_col, b + n, ldb, c + n, ldc, accumulate);
}

// The first key that the query at `position` meets.
INLINE long first_key(long position, long window) {
  return position >= window ? position - window + 1 : 0;
}

// Softmax of scores `first` to `count` in place, zeros before and up to `columns`; returns log Σ exp.
// Whole vectors: what does not count is made so small that its exponential vanishes beside the
// largest, 1.
INLINE float causal_softmax(float *s, long first, long count, long columns) {
  const long whole = padded(count);
  for (long j = 0; j < first; j++) s[j] = -1e30f;
  for (long j = count; j < whole; j++) s[j] = -1e30f;
  float m = maximum(s, whole), sum = 0;
  for (long j = 0; j < whole; j++) sum += s[j] = exponential(s[j] - m);
  float k = 1.0f / sum;
  for (long j = 0; j < whole; j++) s[j] *= k;
  for (long j = 0; j < first; j++) s[j] = 0;
  for (long j = count; j < columns; j++) s[j] = 0;
  return m + logf(sum);
}

// From scores and dP, both of columns `first` to `count`: p = exp(s − lse), ds = scale · p · (dP −
// Σ p · dP), zeros before and up to `columns`.
INLINE void causal_softmax_backward(float *p, float *ds, float lse, float scale, long first,
                                    long count, long columns) {
  const long whole = padded(count);
  float dot = 0;
  for (long j = 0; j < whole; j++) p[j] = exponential(p[j] - lse);
  for (long j = 0; j < first; j++) p[j] = 0;
  for (long j = count; j < columns; j++) p[j] = 0;
  for (long j = 0; j < whole; j++) dot += p[j] * ds[j];
  for (long j = 0; j < whole; j++) ds[j] = scale * p[j] * (ds[j] - dot);
  for (long j = whole; j < columns; j++) ds[j] = 0;
}
