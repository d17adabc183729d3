import CCurl
import Foundation
import Synchronization

/// How all requests of a client are sent.
struct TransferOptions: Sendable {
  var proxy: EndpointProxy?
  var authorities = CertificateAuthorities()
  var connectTimeout: Duration
  /// Of an answer's body, unpacked.
  var replyByteLimit: Int
}

/// One request on its way: what libcurl is told, and what it hands over.
///
/// `@unchecked`: used on the thread of its loop only, but for `isCancelled`, which is atomic.
final class Transfer: @unchecked Sendable {
  /// No honest server's head is as long.
  private static let headByteLimit = 256 << 10

  let request: HTTPRequest
  private let options: TransferOptions
  private let cancellation: TransferCancellation
  private let continuation: CheckedContinuation<Result<HTTPAnswer, ExchangeTrouble>, Never>

  private(set) var handle: UnsafeMutableRawPointer?
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var form: OpaquePointer?
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  private var headers = HTTPHeaders()
  private var headByteCount = 0
  private var body = Data()
  private var isTooLong = false
  private var isSent = false

  init(
    _ request: HTTPRequest, _ options: TransferOptions, _ cancellation: TransferCancellation,
    _ continuation: CheckedContinuation<Result<HTTPAnswer, ExchangeTrouble>, Never>
  ) {
    self.request = request
    self.options = options
    self.cancellation = cancellation
    self.continuation = continuation
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_slist_free_all(headerList)
    curl_mime_free(form)
    errorText.deallocate()
  }

  var isCancelled: Bool { cancellation.isAsked }

  func end(with result: Result<HTTPAnswer, ExchangeTrouble>) {
    continuation.resume(returning: result)
  }

  /// What libcurl's end of the transfer comes to.
  func result(of code: CURLcode) -> Result<HTTPAnswer, ExchangeTrouble> {
    guard code != CURLE_OK else {
      let status = curl_get_long(handle, CURLINFO_RESPONSE_CODE)
      return .success(HTTPAnswer(status: status, headers: headers, body: body))
    }
    if isTooLong { return .failure(.tooLong) }
    let end = TransferEnd(
      code: code, text: String(cString: errorText),
      systemError: Int32(curl_get_long(handle, CURLINFO_OS_ERRNO)),
      proxyStatus: curl_get_long(handle, CURLINFO_HTTP_CONNECTCODE),
      host: URLComponents(string: request.url)?.host ?? "", options: options)
    return .failure(end.trouble)
  }

  // MARK: What is told

  /// Sets every option of a fresh handle.
  func prepare(_ handle: UnsafeMutableRawPointer) {
    self.handle = handle
    curl_set_string(handle, CURLOPT_URL, request.url)
    curl_allow_only_http(handle)
    curl_set_long(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    // All that this libcurl can unpack.
    curl_set_string(handle, CURLOPT_ACCEPT_ENCODING, "")
    curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    curl_leave_resolver(handle)
    curl_set_long(handle, CURLOPT_TIMEOUT_MS, request.timeout.milliseconds)
    let connectTimeout = min(options.connectTimeout, request.timeout)
    curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, connectTimeout.milliseconds)
    curl_set_size(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(options.replyByteLimit))
    curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
    options.authorities.tell(handle)
    EndpointProxy.tell(options.proxy, handle)
    tellBody(handle)
    tellReceivers(handle)
  }

  private func tellBody(_ handle: UnsafeMutableRawPointer) {
    var lines = request.headers.fields.map { "\($0.name): \($0.value)" }
    // No server here needs to be asked before it is sent a body.
    lines.append("expect:")
    switch request.body {
    case .json(let bytes):
      lines.append("content-type: application/json")
      tell(bytes, handle)
    case .form(let form): tell(form, handle)
    case nil where request.method == .post:
      lines.append("content-type:")
      tell([], handle)
    case nil: break
    }
    for line in lines { headerList = curl_slist_append(headerList, line) }
    curl_set_headers(handle, headerList)
    // A proxy does not see the key.
    curl_set_long(handle, CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
  }

  private func tell(_ bytes: [UInt8], _ handle: UnsafeMutableRawPointer) {
    curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
    // Without a byte there would be no pointer, and without a pointer no body.
    (bytes + [0]).withUnsafeBytes { _ = curl_set_body(handle, $0.baseAddress) }
  }

  private func tell(_ form: HTTPForm, _ handle: UnsafeMutableRawPointer) {
    self.form = curl_mime_init(handle)
    for text in form.texts {
      let part = curl_mime_addpart(self.form)
      curl_mime_name(part, text.name)
      curl_mime_data(part, text.value, text.value.utf8.count)
    }
    let part = curl_mime_addpart(self.form)
    curl_mime_name(part, form.fileField)
    curl_mime_filedata(part, form.path)
    curl_mime_filename(part, form.fileName)
    curl_mime_type(part, form.fileType)
    curl_set_form(handle, self.form)
  }

  private func tellReceivers(_ handle: UnsafeMutableRawPointer) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_PREREQDATA] {
      curl_set_pointer(handle, option, context)
    }
    curl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, _, count, context in
      Transfer.of(context).take(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    curl_set_receiver(handle, CURLOPT_HEADERFUNCTION) { bytes, _, count, context in
      Transfer.of(context).takeHead(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    curl_set_gate(handle) { context, _, _, _, _ in
      Transfer.of(context).mayBeSent() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
  }

  // MARK: What is handed over

  private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer {
    guard let context else { preconditionFailure("libcurl lost a transfer") }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  }

  /// libcurl sends a request again on its own when a connection turns out to be closed. But an order
  /// that has arrived must not be placed twice, and every attempt is counted.
  private func mayBeSent() -> Bool {
    defer { isSent = true }
    return !isSent
  }

  /// - Returns: how many bytes were taken; less than all ends the transfer.
  private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard body.count + bytes.count <= options.replyByteLimit else {
      isTooLong = true
      return 0
    }
    body.append(bytes.bindMemory(to: UInt8.self))
    request.onPiece?(curl_get_long(handle, CURLINFO_RESPONSE_CODE), Data(bytes))
    return bytes.count
  }

  /// One line of a head. The head that counts is the last: others say 100, to go on.
  private func takeHead(_ bytes: UnsafeRawBufferPointer) -> Int {
    headByteCount += bytes.count
    guard headByteCount <= Self.headByteLimit else {
      isTooLong = true
      return 0
    }
    if bytes.starts(with: "HTTP/".utf8) {
      headers = HTTPHeaders()
    } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
      let value = String(decoding: bytes[(colon + 1)...], as: UTF8.self)
      headers.add(
        name: String(decoding: bytes[..<colon], as: UTF8.self),
        value: value.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    return bytes.count
  }
}

/// A wish, from whatever thread, that a transfer end.
final class TransferCancellation: Sendable {
  private let flag = Atomic(false)

  var isAsked: Bool { flag.load(ordering: .acquiring) }
  func ask() { flag.store(true, ordering: .releasing) }
}

extension Duration {
  /// At least 1, since libcurl takes 0 for no limit; at most what its `long` holds everywhere.
  fileprivate var milliseconds: Int {
    Int(min(max(1, (self / .milliseconds(1)).rounded(.up)), Double(Int32.max)))
  }
}
