import Endpoints
import Foundation
import Store

extension Run {
  /// What its server did otherwise than it was asked to, for people: as the probe found it.
  package var serverNotes: [String] {
    struct Settings: Decodable { let server: EndpointCapabilities? }
    let settings = try? JSONDecoder().decode(Settings.self, from: Data(settings.utf8))
    return settings?.server?.notes ?? []
  }
}
