// Kernels that read or write operands of matrix products: once for float, once for bfloat16.

void TYPED(rmsnorm_forward)(const float *x, const float *w, MM *y, float *rstd, long T, long C,
                            float eps) {
  for (long t = 0; t < T; t++) {
    const float *xt = x + t * C;
    MM *yt = y + t * C;
    float squares = 0;
    for (long c = 0; c < C; c++) squares += xt[c] * xt[c];
    float r = 1.0f / sqrtf(squares / (float)C + eps);
    rstd[t] = r;
    for (long c = 0; c < C; c++) STORE(yt + c, w[c] * (xt[c] * r));
  }
}

// With x̂ = x·rstd and g = dy·w: dx = rstd · (g − x̂ · mean(g·x̂)).
void TYPED(rmsnorm_backward)(const float *dy, const float *x, const float *w, const float *rstd,
                             float *dx, MM *dx_operand, float *dw, long T, long C) {
  for (long t = 0; t < T; t++) {
    const float *xt = x + t * C, *dyt = dy + t * C;
    float *dxt = dx + t * C;
    float r = rstd[t], dot = 0;
    for (long c = 0; c < C; c++) dot += dyt[c] * w[c] * xt[c];
    float k = dot * r * r / (float)C;
    for (long c = 0; c < C; c++) dxt[c] += r * (dyt[c] * w[c] - xt[c] * k);
    if (dx_operand)
      for (long c = 0; c < C; c++) STORE(dx_operand + t * C + c, dxt[c]);
    if (dw)
      for (long c = 0; c < C; c++) dw[c] += dyt[c] * xt[c] * r;
  }
}

void TYPED(swiglu_forward)(const MM *gate_up, MM *act, long T, long F) {
  for (long t = 0; t < T; t++) {
    const MM *restrict g = gate_up + t * 2 * F, *restrict u = g + F;
    MM *restrict a = act + t * F;
    for (long f = 0; f < F; f++) {
      float gate = LOAD(g + f);
      STORE(a + f, gate / (1.0f + exponential(-gate)) * LOAD(u + f));
    }
  }
}

void TYPED(swiglu_backward)(const MM *gate_up, const MM *dact, MM *dgate_up, long T, long F) {
  for (long t = 0; t < T; t++) {
    const MM *restrict g = gate_up + t * 2 * F, *restrict u = g + F, *restrict d = dact + t * F;
    MM *restrict dg = dgate_up + t * 2 * F, *restrict du = dg + F;
    for (long f = 0; f < F; f++) {
      float gate = LOAD(g + f), da = LOAD(d + f);
      float sigmoid = 1.0f / (1.0f + exponential(-gate));
      float silu = gate * sigmoid;
      STORE(du + f, da * silu);
      STORE(dg + f, da * LOAD(u + f) * (sigmoid + silu * (1.0f - sigmoid)));
    }
  }
}

void TYPED(cast)(const float *x, MM *y, long n, float scale) {
  for (long i = 0; i < n; i++) STORE(y + i, x[i] * scale);
}

void TYPED(cross_entropy)(const float *logits, const int32_t *targets, MM *dlogits, float *loss,
                          long P, long V, float scale) {
  for (long p = 0; p < P; p++) {
    const float *restrict z = logits + p * V;
    MM *restrict d = dlogits ? dlogits + p * V : 0;
    if (targets[p] < 0) {
      if (d) memset(d, 0, sizeof(MM) * (unsigned long)V);
      loss[p] = 0;
      continue;
    }
    float m = maximum(z, V), sum = 0;
    for (long v = 0; v < V; v++) sum += exponential(z[v] - m);
    long target = targets[p];
    loss[p] = logf(sum) + m - z[target];
    if (!d) continue;
    float k = scale / sum;
    for (long v = 0; v < V; v++) STORE(d + v, exponential(z[v] - m) * k);
    STORE(d + target, (exponential(z[target] - m) / sum - 1.0f) * scale);
  }
}

// log(q/p) is a difference of logits, exact where they are close, and of two logarithms of sums,
// taken as that of their quotient: a small divergence does not drown in the rounding of the logits.
void TYPED(divergence)(const float *logits, const float *reference, const int32_t *targets,
                       MM *dlogits, float *loss, long P, long V, float scale) {
  for (long p = 0; p < P; p++) {
    const float *restrict z = logits + p * V, *restrict r = reference + p * V;
    MM *restrict d = dlogits + p * V;
    if (targets[p] < 0) {
      memset(d, 0, sizeof(MM) * (unsigned long)V);
      loss[p] = 0;
      continue;
    }
    float mz = maximum(z, V), mr = maximum(r, V);
    float sz = sum_of_exponentials(z, V, mz), sr = sum_of_exponentials(r, V, mr);
    float shift = (mz - mr) + logf(sz / sr), kz = 1.0f / sz, kr = 1.0f / sr, sum = 0;
    for (long v = 0; v < V; v++) {
      float q = exponential(r[v] - mr);
      STORE(d + v, scaled_difference(exponential(z[v] - mz), kz, q, kr) * scale);
      sum += q * log_ratio(r[v], z[v], shift);
    }
    sum *= kr;
    loss[p] = sum < 0 ? 0 : sum;
  }
}

// Some rows of queries at a time against all keys up to the last of them: the scores of a block stay
// in the second-level cache.
void TYPED(attention_forward)(const float *qkv, MM *out, float *lse, float *work, long T, long from,
                              long H, long KV, long D, long window) {
  const long row = (H + 2 * KV) * D, Dp = padded(D), Tp = padded(T);
  float *kt = work, *packed = kt + Tp * Dp, *o = packed + Tp * Dp, *s = o + Tp * Dp;
  const float scale = 1.0f / sqrtf((float)D);
  for (long g = 0; g < KV; g++) {
    pack_transposed(qkv + (H + g) * D, row, T, D, kt, Tp, scale);
    head_rows v = whole_rows(qkv + (H + KV + g) * D, row, T, D, packed, Dp);
    for (long h = g * (H / KV); h < (g + 1) * (H / KV); h++) {
      for (long i0 = from; i0 < T; i0 += QUERY_BLOCK) {
        long rows = T - i0 < QUERY_BLOCK ? T - i0 : QUERY_BLOCK;
        // Whole vectors of keys from the first that any query of the block meets.
        long k0 = first_key(i0, window) & ~15L, keys = padded(i0 + rows) - k0;
        product(rows, keys, D, qkv + h * D + i0 * row, row, 1, kt + k0, Tp, s, Tp, 0);
        for (long i = 0; i < rows; i++)
          lse[h * (T - from) + i0 - from + i] = causal_softmax(
              s + i * Tp, first_key(i0 + i, window) - k0, i0 + i + 1 - k0, keys);
        product(rows, Dp, i0 + rows - k0, s, Tp, 1, v.rows + k0 * v.stride, v.stride, o, Dp, 0);
        for (long i = 0; i < rows; i++)
          for (long d = 0; d < D; d++) STORE(out + ((i0 - from + i) * H + h) * D + d, o[i * Dp + d]);
      }
    }
  }
}
