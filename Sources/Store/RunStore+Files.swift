import Core
import GRDB

extension RunStore {
  /// The hash of a file that was read when it had this stamp; `nil` if there is none.
  package func hash(of file: FileStamp) throws(StoreError) -> Fingerprint? {
    try read { db in
      try String.fetchOne(
        db,
        sql: """
          SELECT sha256 FROM fileHash WHERE path = ? AND size = ? AND modified = ? AND changed = ?
            AND inode = ?
          """,
        arguments: [file.path, file.size, file.modified, file.changed, file.inode]
      ).map(Fingerprint.init(hex:))
    }
  }

  /// Remembers the hashes of files. Of a path the latest one counts.
  package func remember(_ hashes: [FileStamp: Fingerprint]) throws(StoreError) {
    try write { db in
      for (file, hash) in hashes {
        try db.execute(
          sql: """
            INSERT OR REPLACE INTO fileHash (path, size, modified, changed, inode, sha256)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
          arguments: [file.path, file.size, file.modified, file.changed, file.inode, hash.hex])
      }
    }
  }
}
