// What the files that speak to oneDNN share: one engine and one stream a thread, and how a matrix is
// described in the two C APIs, 2.x (Debian 12: 2.6) and 3.x.
#ifndef ASKEW_ONEDNN_H
#define ASKEW_ONEDNN_H

#include <dnnl.h>

#include "CKernels.h"

typedef struct {
  askew_matmul_shape shape;
  dnnl_primitive_t primitive;
  dnnl_memory_t a, b, c;
  int64_t calls;
} entry;

// What one thread has made: an engine, a stream, and primitives found by open addressing.
typedef struct {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  entry *entries;
  size_t capacity, count;
} context;

context *askew_thread_context(int *status);

/// A matrix as it lies in memory. To be released with `askew_forget`.
int askew_describe(dnnl_memory_desc_t *desc, int64_t rows, int64_t columns, int64_t row,
                   int64_t column, int32_t type);
/// A matrix b[k, n] as oneDNN likes it best for few rows of a.
int askew_describe_packed(context *ctx, dnnl_memory_desc_t *desc, int64_t k, int64_t n,
                          int32_t type);
void askew_forget(dnnl_memory_desc_t *desc);

static inline dnnl_data_type_t askew_data_type(int32_t type) {
  return type == ASKEW_BF16 ? dnnl_bf16 : dnnl_f32;
}

#endif
