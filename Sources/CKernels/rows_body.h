// Products of rows with packed weights, for decoding. Every element is one chain of multiply-adds over
// k, in order, whatever the tile that it falls into: a row's bytes depend neither on how many rows there
// are, nor on its place among them, nor on how columns are shared out. A library's products promise
// nothing of the kind.

// Rows of a tile and panels of sixteen columns, so that accumulators fill the registers and yet every
// row count has enough chains to hide an addition's latency.
#if ROW_TILE == 8
static const int panels_of_tile[9] = {0, 8, 6, 4, 4, 4, 4, 3, 3};
#elif ROW_TILE == 6
static const int panels_of_tile[7] = {0, 4, 2, 1, 1, 1, 1};
#else
static const int panels_of_tile[3] = {0, 2, 1};
#endif

#if defined(FUSED_MULTIPLY_ADD) || defined(__aarch64__)
#define CHAIN(sum, x, y) __builtin_elementwise_fma(x, y, sum)
#else
#define CHAIN(sum, x, y) ((sum) + (x) * (y))
#endif

// c[R, 16·P] from a[R, K] and P packed panels; `columns` of the last panel are c's. `ahead` is what a later
// tile reads, fetched `step` floats a k: a tile is done before the processor would find out by itself.
INLINE void row_tile(const int R, const int P, const float *a, long a_row, const float *packed,
                     float *c, long c_row, long columns, long K, int accumulate,
                     const float *ahead, long step) {
#pragma clang fp reassociate(off) contract(off)
  v16 sum[8][8];
#pragma clang loop unroll(full)
  for (int i = 0; i < R; i++)
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++) sum[i][p] = (v16){0};
  for (long k = 0; k < K; k++) {
    v16 b[8];
    __builtin_prefetch(ahead + k * step, 0, 2);
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++) b[p] = *(const v16 *)(packed + (p * K + k) * 16);
#pragma clang loop unroll(full)
    for (int i = 0; i < R; i++) {
      const float y = a[i * a_row + k];
      const v16 x = {y, y, y, y, y, y, y, y, y, y, y, y, y, y, y, y};
#pragma clang loop unroll(full)
      for (int p = 0; p < P; p++) sum[i][p] = CHAIN(sum[i][p], x, b[p]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < R; i++)
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++) {
      float *to = c + i * c_row + 16 * p;
      const long width = p + 1 < P ? 16 : columns;
      if (width == 16) {
        *(v16 *)to = accumulate ? *(const v16 *)to + sum[i][p] : sum[i][p];
      } else {
        for (long j = 0; j < width; j++) to[j] = accumulate ? to[j] + sum[i][p][j] : sum[i][p][j];
      }
    }
}

// Some panels under all rows, whose tiles share out the fetching of the panels after them.
INLINE void row_panels(const int R, const int P, const float *a, long a_row, const float *packed,
                       float *c, long c_row, long M, long N, long K, int accumulate) {
  for (long n = 0; n < N; n += 16 * P) {
    const long left = N - n, step = 16 * P * R / M;
    const float *ahead = packed + (n + 16 * P) * K;
    if (left > 16 * (P - 1)) {
      const long columns = left - 16 * (P - 1) < 16 ? left - 16 * (P - 1) : 16;
      for (long m = 0; m + R <= M; m += R)
        row_tile(R, P, a + m * a_row, a_row, packed + n * K, c + m * c_row + n, c_row, columns, K,
                 accumulate, ahead + m / R * K * step, step);
    } else {
      for (long p = n; p < N; p += 16)
        for (long m = 0; m + R <= M; m += R)
          row_tile(R, 1, a + m * a_row, a_row, packed + p * K, c + m * c_row + p, c_row,
                   N - p < 16 ? N - p : 16, K, accumulate, ahead, 0);
    }
  }
}

#define ROW_CASE(R)                                                                                \
  case R:                                                                                          \
    row_panels(R, panels_of_tile[R], a, a_row, packed, c, c_row, count, N, K, accumulate);         \
    break;

void KERNEL(row_product)(const float *a, long a_row, const float *packed, float *c, long c_row,
                         long M, long N, long K, int accumulate) {
  // Whole tiles first, then one lower tile of the rows that are left.
  for (long m = 0; m < M;) {
    const long tile = M - m < ROW_TILE ? M - m : ROW_TILE;
    const long count = tile == ROW_TILE ? (M - m) / ROW_TILE * ROW_TILE : tile;
    switch (tile) {
      ROW_CASE(1)
      ROW_CASE(2)
#if ROW_TILE >= 6
      ROW_CASE(3)
      ROW_CASE(4)
      ROW_CASE(5)
      ROW_CASE(6)
#endif
#if ROW_TILE >= 8
      ROW_CASE(7)
      ROW_CASE(8)
#endif
    }
    a += count * a_row;
    c += count * c_row;
    m += count;
  }
}

// packed[n / 16][k][n % 16] = w[n, k], with zeros behind the last column.
void KERNEL(pack_rows)(const float *w, long w_row, float *packed, long N, long K) {
  for (long n = 0; n < N; n += 16) {
    float *panel = packed + n * K;
    const long width = N - n < 16 ? N - n : 16;
    for (long k0 = 0; k0 < K; k0 += 16) {
      const long end = K - k0 < 16 ? K : k0 + 16;
      for (long k = k0; k < end; k++)
        for (long j = 0; j < 16; j++) panel[k * 16 + j] = j < width ? w[(n + j) * w_row + k] : 0;
    }
  }
}
