// Matrices in the layout that oneDNN multiplies fastest. A product of few rows otherwise spends a
// third of its time on bringing b into that layout, call after call.
#include <string.h>

#include "onednn.h"

// The layout is asked for once, for this many rows of a, and then used for any number.
#define PACKED_FOR_ROWS 64

// oneDNN's fallback for what it has no kernel for: correct, and a thousand times too slow.
static int is_reference(dnnl_primitive_desc_t pd) {
  const char *name = "ref";
  dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &name);
  return strncmp(name, "ref", 3) == 0;
}

#if DNNL_VERSION_MAJOR >= 3

int askew_describe(dnnl_memory_desc_t *desc, int64_t rows, int64_t columns, int64_t row,
                   int64_t column, int32_t type) {
  dnnl_dims_t dims = {rows, columns}, strides = {row, column};
  return dnnl_memory_desc_create_with_strides(desc, 2, dims, askew_data_type(type), strides);
}

void askew_forget(dnnl_memory_desc_t *desc) {
  if (*desc) dnnl_memory_desc_destroy(*desc);
}

int askew_describe_packed(context *ctx, dnnl_memory_desc_t *desc, int64_t k, int64_t n,
                          int32_t type) {
  dnnl_memory_desc_t a = NULL, b = NULL, c = NULL;
  dnnl_primitive_desc_t pd = NULL;
  dnnl_dims_t dims = {k, n};
  int status = askew_describe(&a, PACKED_FOR_ROWS, k, k, 1, type);
  if (!status)
    status = dnnl_memory_desc_create_with_tag(&b, 2, dims, askew_data_type(type),
                                              dnnl_format_tag_any);
  if (!status) status = askew_describe(&c, PACKED_FOR_ROWS, n, n, 1, ASKEW_F32);
  if (!status)
    status = dnnl_matmul_primitive_desc_create(&pd, ctx->engine, a, b, NULL, c, NULL);
  if (!status && is_reference(pd)) status = dnnl_unimplemented;
  if (!status)
    status = dnnl_memory_desc_clone(
        desc, dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0));
  if (pd) dnnl_primitive_desc_destroy(pd);
  askew_forget(&a);
  askew_forget(&b);
  askew_forget(&c);
  return status;
}

static size_t size_of(const dnnl_memory_desc_t *desc) { return dnnl_memory_desc_get_size(*desc); }
static int memory(dnnl_memory_t *made, dnnl_memory_desc_t *desc, dnnl_engine_t engine, void *data) {
  return dnnl_memory_create(made, *desc, engine, data);
}
static int reorder(dnnl_primitive_desc_t *pd, dnnl_memory_desc_t *from, dnnl_memory_desc_t *to,
                   dnnl_engine_t engine) {
  return dnnl_reorder_primitive_desc_create(pd, *from, engine, *to, engine, NULL);
}

#else

int askew_describe(dnnl_memory_desc_t *desc, int64_t rows, int64_t columns, int64_t row,
                   int64_t column, int32_t type) {
  dnnl_dims_t dims = {rows, columns}, strides = {row, column};
  return dnnl_memory_desc_init_by_strides(desc, 2, dims, askew_data_type(type), strides);
}

void askew_forget(dnnl_memory_desc_t *desc) { (void)desc; }

int askew_describe_packed(context *ctx, dnnl_memory_desc_t *desc, int64_t k, int64_t n,
                          int32_t type) {
  dnnl_memory_desc_t a, b, c;
  dnnl_matmul_desc_t matmul;
  dnnl_primitive_desc_t pd = NULL;
  dnnl_dims_t dims = {k, n};
  int status = askew_describe(&a, PACKED_FOR_ROWS, k, k, 1, type);
  if (!status)
    status = dnnl_memory_desc_init_by_tag(&b, 2, dims, askew_data_type(type), dnnl_format_tag_any);
  if (!status) status = askew_describe(&c, PACKED_FOR_ROWS, n, n, 1, ASKEW_F32);
  if (!status) status = dnnl_matmul_desc_init(&matmul, &a, &b, NULL, &c);
  if (!status) status = dnnl_primitive_desc_create(&pd, &matmul, NULL, ctx->engine, NULL);
  if (!status && is_reference(pd)) status = dnnl_unimplemented;
  if (!status) *desc = *dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0);
  if (pd) dnnl_primitive_desc_destroy(pd);
  return status;
}

static size_t size_of(const dnnl_memory_desc_t *desc) { return dnnl_memory_desc_get_size(desc); }
static int memory(dnnl_memory_t *made, dnnl_memory_desc_t *desc, dnnl_engine_t engine, void *data) {
  return dnnl_memory_create(made, desc, engine, data);
}
static int reorder(dnnl_primitive_desc_t *pd, dnnl_memory_desc_t *from, dnnl_memory_desc_t *to,
                   dnnl_engine_t engine) {
  return dnnl_reorder_primitive_desc_create(pd, from, engine, to, engine, NULL);
}

#endif

int64_t askew_packed_bytes(int64_t n, int64_t k, int32_t type) {
  int status = 0;
  context *ctx = askew_thread_context(&status);
  dnnl_memory_desc_t packed;
  memset(&packed, 0, sizeof packed);
  if (!ctx || askew_describe_packed(ctx, &packed, k, n, type) != 0) return -1;
  int64_t bytes = (int64_t)size_of(&packed);
  askew_forget(&packed);
  return bytes;
}

int askew_pack(const void *weight, int64_t n, int64_t k, int32_t type, void *packed) {
  int status = 0;
  context *ctx = askew_thread_context(&status);
  if (!ctx) return status;
  dnnl_memory_desc_t plain, best;
  memset(&plain, 0, sizeof plain);
  memset(&best, 0, sizeof best);
  dnnl_primitive_desc_t pd = NULL;
  dnnl_primitive_t primitive = NULL;
  dnnl_memory_t from = NULL, to = NULL;
  // Rows of the weight are columns of b.
  status = askew_describe(&plain, k, n, 1, k, type);
  if (!status) status = askew_describe_packed(ctx, &best, k, n, type);
  if (!status) status = memory(&from, &plain, ctx->engine, (void *)weight);
  if (!status) status = memory(&to, &best, ctx->engine, packed);
  if (!status) status = reorder(&pd, &plain, &best, ctx->engine);
  if (!status) status = dnnl_primitive_create(&primitive, pd);
  dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
  if (!status) status = dnnl_primitive_execute(primitive, ctx->stream, 2, arguments);
  if (!status) status = dnnl_stream_wait(ctx->stream);
  if (primitive) dnnl_primitive_destroy(primitive);
  if (pd) dnnl_primitive_desc_destroy(pd);
  if (from) dnnl_memory_destroy(from);
  if (to) dnnl_memory_destroy(to);
  askew_forget(&plain);
  askew_forget(&best);
  return status;
}
