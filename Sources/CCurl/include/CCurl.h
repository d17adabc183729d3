// libcurl as a Swift module. Its options are variadic functions, which Swift cannot call: here they
// have types.
#pragma once
#include <curl/curl.h>

static inline CURLcode curl_set_long(CURL *transfer, CURLoption option, long value) {
  return curl_easy_setopt(transfer, option, value);
}

static inline CURLcode curl_set_size(CURL *transfer, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(transfer, option, value);
}

// Copied, but for `CURLOPT_POSTFIELDS`.
static inline CURLcode curl_set_string(CURL *transfer, CURLoption option, const char *text) {
  return curl_easy_setopt(transfer, option, text);
}

// Copied; set `CURLOPT_POSTFIELDSIZE_LARGE` first.
static inline CURLcode curl_set_body(CURL *transfer, const void *bytes) {
  return curl_easy_setopt(transfer, CURLOPT_COPYPOSTFIELDS, bytes);
}

// A pointer that has to last as long as the transfer.
static inline CURLcode curl_set_pointer(CURL *transfer, CURLoption option, void *pointer) {
  return curl_easy_setopt(transfer, option, pointer);
}

static inline CURLcode curl_set_headers(CURL *transfer, struct curl_slist *headers) {
  return curl_easy_setopt(transfer, CURLOPT_HTTPHEADER, headers);
}

static inline CURLcode curl_set_form(CURL *transfer, curl_mime *form) {
  return curl_easy_setopt(transfer, CURLOPT_MIMEPOST, form);
}

// Called with what came; a count other than that of the bytes ends the transfer.
static inline CURLcode curl_set_receiver(
    CURL *transfer, CURLoption option, size_t (*receive)(char *, size_t, size_t, void *)) {
  return curl_easy_setopt(transfer, option, receive);
}

// Called each time that a connection is there and the request is about to be sent.
static inline CURLcode curl_set_gate(
    CURL *transfer, int (*gate)(void *, char *, char *, int, int)) {
  return curl_easy_setopt(transfer, CURLOPT_PREREQFUNCTION, gate);
}

// Whatever a URL says: no files, no mail.
static inline CURLcode curl_allow_only_http(CURL *transfer) {
#if LIBCURL_VERSION_NUM >= 0x075500
  return curl_easy_setopt(transfer, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  return curl_easy_setopt(transfer, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

// A transfer that ends does not wait for the name server first.
static inline void curl_leave_resolver(CURL *transfer) {
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(transfer, CURLOPT_QUICK_EXIT, 1L);
#else
  (void)transfer;
#endif
}

// 0 where there is no such number.
static inline long curl_get_long(CURL *transfer, CURLINFO info) {
  long value = 0;
  return curl_easy_getinfo(transfer, info, &value) == CURLE_OK ? value : 0;
}

static inline CURLMcode curl_multi_set_long(CURLM *transfers, CURLMoption option, long value) {
  return curl_multi_setopt(transfers, option, value);
}
