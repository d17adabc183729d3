// Matrix products through oneDNN's matmul primitive, one thread each; its C API changed between
// 2.x (Debian 12: 2.6) and 3.x, and both are spoken here.
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "onednn.h"

static _Thread_local context *local;

// oneDNN is usually built with OpenMP; its workers would fight ours for the cores. The number of
// threads is a property of the calling thread there, so each of ours asks for one.
static void use_one_thread(void) {
  void (*set)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (set) set(1);
}

context *askew_thread_context(int *status) {
  if (local) return local;
  use_one_thread();
  context *made = calloc(1, sizeof *made);
  if (!made) {
    *status = dnnl_out_of_memory;
    return NULL;
  }
  made->capacity = 256;
  made->entries = calloc(made->capacity, sizeof(entry));
  *status = made->entries ? 0 : dnnl_out_of_memory;
  if (!*status) *status = dnnl_engine_create(&made->engine, dnnl_cpu, 0);
  if (!*status) *status = dnnl_stream_create(&made->stream, made->engine, dnnl_stream_default_flags);
  if (*status) {
    free(made->entries);
    free(made);
    return NULL;
  }
  return local = made;
}

// b as it lies, or as askew_pack left it.
static int describe_b(context *ctx, dnnl_memory_desc_t *b, const askew_matmul_shape *s) {
  if (s->b_packed) return askew_describe_packed(ctx, b, s->k, s->n, s->operand_type);
  return askew_describe(b, s->k, s->n, s->b_row, s->b_col, s->operand_type);
}

#if DNNL_VERSION_MAJOR >= 3

static int create(context *ctx, entry *e, dnnl_primitive_attr_t attributes) {
  const askew_matmul_shape *s = &e->shape;
  dnnl_memory_desc_t a = NULL, b = NULL, c = NULL;
  dnnl_primitive_desc_t pd = NULL;
  int status = askew_describe(&a, s->m, s->k, s->a_row, s->a_col, s->operand_type);
  if (!status) status = describe_b(ctx, &b, s);
  if (!status) status = askew_describe(&c, s->m, s->n, s->c_row, 1, s->result_type);
  if (!status)
    status = dnnl_matmul_primitive_desc_create(&pd, ctx->engine, a, b, NULL, c, attributes);
  if (!status) status = dnnl_primitive_create(&e->primitive, pd);
  if (!status) status = dnnl_memory_create(&e->a, a, ctx->engine, DNNL_MEMORY_NONE);
  if (!status) status = dnnl_memory_create(&e->b, b, ctx->engine, DNNL_MEMORY_NONE);
  if (!status) status = dnnl_memory_create(&e->c, c, ctx->engine, DNNL_MEMORY_NONE);
  if (pd) dnnl_primitive_desc_destroy(pd);
  askew_forget(&a);
  askew_forget(&b);
  askew_forget(&c);
  return status;
}

static int append_sum(dnnl_post_ops_t ops) {
  return dnnl_post_ops_append_sum(ops, 1.0f, 0, dnnl_data_type_undef);
}

#else

static int create(context *ctx, entry *e, dnnl_primitive_attr_t attributes) {
  const askew_matmul_shape *s = &e->shape;
  dnnl_memory_desc_t a, b, c;
  dnnl_matmul_desc_t matmul;
  dnnl_primitive_desc_t pd = NULL;
  int status = askew_describe(&a, s->m, s->k, s->a_row, s->a_col, s->operand_type);
  if (!status) status = describe_b(ctx, &b, s);
  if (!status) status = askew_describe(&c, s->m, s->n, s->c_row, 1, s->result_type);
  if (!status) status = dnnl_matmul_desc_init(&matmul, &a, &b, NULL, &c);
  if (!status) status = dnnl_primitive_desc_create(&pd, &matmul, attributes, ctx->engine, NULL);
  if (!status) status = dnnl_primitive_create(&e->primitive, pd);
  if (!status) status = dnnl_memory_create(&e->a, &a, ctx->engine, DNNL_MEMORY_NONE);
  if (!status) status = dnnl_memory_create(&e->b, &b, ctx->engine, DNNL_MEMORY_NONE);
  if (!status) status = dnnl_memory_create(&e->c, &c, ctx->engine, DNNL_MEMORY_NONE);
  if (pd) dnnl_primitive_desc_destroy(pd);
  return status;
}

static int append_sum(dnnl_post_ops_t ops) { return dnnl_post_ops_append_sum(ops, 1.0f); }

#endif

static void destroy(entry *e) {
  if (e->primitive) dnnl_primitive_destroy(e->primitive);
  if (e->a) dnnl_memory_destroy(e->a);
  if (e->b) dnnl_memory_destroy(e->b);
  if (e->c) dnnl_memory_destroy(e->c);
  memset(e, 0, sizeof *e);
}

static int make(context *ctx, entry *e) {
  dnnl_primitive_attr_t attributes = NULL;
  int status = dnnl_primitive_attr_create(&attributes);
  if (!status && e->shape.accumulate) {
    dnnl_post_ops_t ops = NULL;
    status = dnnl_post_ops_create(&ops);
    if (!status) status = append_sum(ops);
    if (!status) status = dnnl_primitive_attr_set_post_ops(attributes, ops);
    if (ops) dnnl_post_ops_destroy(ops);
  }
  if (!status) status = create(ctx, e, attributes);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  return status;
}

static size_t slot(const entry *entries, size_t capacity, const askew_matmul_shape *shape) {
  const uint8_t *bytes = (const uint8_t *)shape;
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t i = 0; i < sizeof *shape; i += 8) {
    uint64_t word;
    memcpy(&word, bytes + i, 8);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  size_t at = hash & (capacity - 1);
  while (entries[at].primitive && memcmp(&entries[at].shape, shape, sizeof *shape) != 0)
    at = (at + 1) & (capacity - 1);
  return at;
}

static int grow(context *ctx) {
  size_t capacity = ctx->capacity * 2;
  entry *entries = calloc(capacity, sizeof(entry));
  if (!entries) return dnnl_out_of_memory;
  for (size_t i = 0; i < ctx->capacity; i++)
    if (ctx->entries[i].primitive)
      entries[slot(entries, capacity, &ctx->entries[i].shape)] = ctx->entries[i];
  free(ctx->entries);
  ctx->entries = entries;
  ctx->capacity = capacity;
  return 0;
}

static int find(context *ctx, const askew_matmul_shape *shape, entry **found) {
  entry *e = &ctx->entries[slot(ctx->entries, ctx->capacity, shape)];
  if (!e->primitive) {
    if (2 * (ctx->count + 1) > ctx->capacity) {
      int status = grow(ctx);
      if (status) return status;
      e = &ctx->entries[slot(ctx->entries, ctx->capacity, shape)];
    }
    e->shape = *shape;
    int status = make(ctx, e);
    if (status) {
      destroy(e);
      return status;
    }
    ctx->count++;
  }
  *found = e;
  return 0;
}

int askew_onednn_matmul(const askew_matmul_shape *shape, const void *a, const void *b, void *c);

int askew_onednn_matmul(const askew_matmul_shape *shape, const void *a, const void *b, void *c) {
  int status = 0;
  context *ctx = askew_thread_context(&status);
  if (!ctx) return status;
  entry *e = NULL;
  status = find(ctx, shape, &e);
  if (status) return status;
  e->calls++;
  dnnl_memory_set_data_handle(e->a, (void *)a);
  dnnl_memory_set_data_handle(e->b, (void *)b);
  dnnl_memory_set_data_handle(e->c, c);
  dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_SRC, e->a}, {DNNL_ARG_WEIGHTS, e->b}, {DNNL_ARG_DST, e->c}};
  return dnnl_primitive_execute(e->primitive, ctx->stream, 3, arguments);
}

long askew_matmul_calls(askew_matmul_shape *shapes, int64_t *calls, long capacity) {
  long count = 0;
  for (size_t i = 0; local && i < local->capacity; i++) {
    if (!local->entries[i].primitive) continue;
    if (count < capacity) {
      shapes[count] = local->entries[i].shape;
      calls[count] = local->entries[i].calls;
    }
    count++;
  }
  return count;
}

void askew_matmul_release_thread(void) {
  if (!local) return;
  for (size_t i = 0; i < local->capacity; i++)
    if (local->entries[i].primitive) destroy(&local->entries[i]);
  dnnl_stream_destroy(local->stream);
  dnnl_engine_destroy(local->engine);
  free(local->entries);
  free(local);
  local = NULL;
}

int askew_onednn_version(void) {
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}
