// OpenSSL's digests as a Swift module; Apple's platforms have CryptoKit instead.
#pragma once
#if __has_include(<openssl/evp.h>)
#include <openssl/evp.h>
#endif
