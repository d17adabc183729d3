// Kernels that only touch floats.

// Recomputes the probabilities from the kept log-sum-exp, a block of queries at a time.
void KERNEL(attention_backward)(const float *qkv, const float *dout, const float *lse, float *dqkv,
                                float *work, long T, long from, long H, long KV, long D,
                                long window) {
  const long row = (H + 2 * KV) * D, Dp = padded(D), Tp = padded(T), size = Tp * Dp;
  float *kt = work, *vt = kt + size, *qp = vt + size, *kp = qp + size, *dyp = kp + size;
  float *dq = dyp + size, *dk = dq + size, *dv = dk + size;
  float *p = dv + size, *ds = p + QUERY_BLOCK * Tp;
  const float scale = 1.0f / sqrtf((float)D);
  for (long g = 0; g < KV; g++) {
    pack_transposed(qkv + (H + g) * D, row, T, D, kt, Tp, scale);
    pack_transposed(qkv + (H + KV + g) * D, row, T, D, vt, Tp, 1.0f);
    head_rows k = whole_rows(qkv + (H + g) * D, row, T, D, kp, Dp);
    memset(dk, 0, sizeof(float) * (unsigned long)(2 * size));  // dv lies behind dk
    for (long h = g * (H / KV); h < (g + 1) * (H / KV); h++) {
      head_rows q = whole_rows(qkv + h * D, row, T, D, qp, Dp);
      head_rows dy = whole_rows(dout + h * D, H * D, T - from, D, dyp, Dp);
      for (long i0 = from; i0 < T; i0 += QUERY_BLOCK) {
        long rows = T - i0 < QUERY_BLOCK ? T - i0 : QUERY_BLOCK;
        long k0 = first_key(i0, window) & ~15L, keys = padded(i0 + rows) - k0;
        const float *qi = q.rows + i0 * q.stride, *dyi = dy.rows + (i0 - from) * dy.stride;
        product(rows, keys, D, qi, q.stride, 1, kt + k0, Tp, p, Tp, 0);
        product(rows, keys, D, dyi, dy.stride, 1, vt + k0, Tp, ds, Tp, 0);
        for (long i = 0; i < rows; i++)
          causal_softmax_backward(p + i * Tp, ds + i * Tp, lse[h * (T - from) + i0 - from + i],
                                  scale, first_key(i0 + i, window) - k0, i0 + i + 1 - k0, keys);
        // dS carries the scale: dq = dS · k, dk = dSᵀ · q.
        const long met = i0 + rows - k0;
        product(rows, Dp, met, ds, Tp, 1, k.rows + k0 * k.stride, k.stride, dq, Dp, 0);
        product(met, Dp, rows, ds, 1, Tp, qi, q.stride, dk + k0 * Dp, Dp, 1);
        product(met, Dp, rows, p, 1, Tp, dyi, dy.stride, dv + k0 * Dp, Dp, 1);
        for (long i = 0; i < rows; i++)
          memcpy(dqkv + (i0 + i) * row + h * D, dq + i * Dp, sizeof(float) * (unsigned long)D);
      }
    }
    for (long t = 0; t < T; t++) {
      memcpy(dqkv + t * row + (H + g) * D, dk + t * Dp, sizeof(float) * (unsigned long)D);
      memcpy(dqkv + t * row + (H + KV + g) * D, dv + t * Dp, sizeof(float) * (unsigned long)D);
    }
  }
}

void KERNEL(rope)(float *x, const int32_t *positions, const float *cosine, const float *sine,
                  long T, long row, long heads, long D, float direction) {
  const long half = D / 2;
  for (long t = 0; t < T; t++) {
    const float *c = cosine + positions[t] * half, *s = sine + positions[t] * half;
    for (long h = 0; h < heads; h++) {
      float *restrict a = x + t * row + h * D, *restrict b = a + half;
      for (long i = 0; i < half; i++) {
        float sin = s[i] * direction, first = a[i], second = b[i];
        a[i] = first * c[i] - second * sin;
        b[i] = second * c[i] + first * sin;
      }
    }
  }
}

void KERNEL(head_norm_forward)(float *x, const float *w, float *saved, float *rstd, long T,
                               long row, long heads, long D, float eps) {
  for (long t = 0; t < T; t++)
    for (long h = 0; h < heads; h++) {
      float *head = x + t * row + h * D, *keep = saved + (t * heads + h) * D, squares = 0;
      for (long d = 0; d < D; d++) squares += head[d] * head[d];
      float r = 1.0f / sqrtf(squares / (float)D + eps);
      rstd[t * heads + h] = r;
      for (long d = 0; d < D; d++) keep[d] = head[d];
      for (long d = 0; d < D; d++) head[d] = w[d] * (keep[d] * r);
    }
}

void KERNEL(head_norm_backward)(float *dx, const float *saved, const float *w, const float *rstd,
                                float *dw, long T, long row, long heads, long D) {
  for (long t = 0; t < T; t++)
    for (long h = 0; h < heads; h++) {
      float *dy = dx + t * row + h * D, r = rstd[t * heads + h], dot = 0;
      const float *x = saved + (t * heads + h) * D;
      for (long d = 0; d < D; d++) dot += dy[d] * w[d] * x[d];
      float k = dot * r * r / (float)D;
      if (dw)
        for (long d = 0; d < D; d++) dw[d] += dy[d] * x[d] * r;
      for (long d = 0; d < D; d++) dy[d] = r * (dy[d] * w[d] - x[d] * k);
    }
}

void KERNEL(add_bias)(float *x, const float *bias, long T, long N) {
  for (long t = 0; t < T; t++)
    for (long n = 0; n < N; n++) x[t * N + n] += bias[n];
}

void KERNEL(add_columns)(const float *x, float *total, long T, long N) {
  for (long t = 0; t < T; t++)
    for (long n = 0; n < N; n++) total[n] += x[t * N + n];
}

void KERNEL(add)(const float *x, float *y, long n) {
  for (long i = 0; i < n; i++) y[i] += x[i];
}

void KERNEL(sum_blocks)(const float *const *blocks, long count, long offset, float *y, long n,
                        double *squares) {
  const float *first = blocks[0] + offset;
  for (long i = 0; i < n; i++) y[i] = first[i];
  for (long b = 1; b < count; b++) {
    const float *x = blocks[b] + offset;
    for (long i = 0; i < n; i++) y[i] += x[i];
  }
  double total = 0;
  for (long i = 0; i < n; i++) total += (double)y[i] * (double)y[i];
  *squares = total;
}

void KERNEL(adamw)(float *p, float *m, float *v, const float *g, long n, float gscale, float beta1,
                   float beta2, float lr1, float c2, float eps, float keep) {
  for (long i = 0; i < n; i++) {
    float gi = g[i] * gscale;
    float mi = m[i] = beta1 * m[i] + (1.0f - beta1) * gi;
    float vi = v[i] = beta2 * v[i] + (1.0f - beta2) * gi * gi;
    p[i] = p[i] * keep - lr1 * mi / (sqrtf(vi) * c2 + eps);
  }
}

void KERNEL(largest)(const float *x, long n, float *result) { *result = maximum(x, n); }

void KERNEL(exponentials)(const float *x, float *p, long n, float inverse_temperature, float *sum) {
  float m = maximum(x, n), total = 0;
  for (long i = 0; i < n; i++) total += p[i] = exponential((x[i] - m) * inverse_temperature);
  *sum = total;
}

