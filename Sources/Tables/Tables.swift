// Tables of text are in Documents; importers of Tables find them there.
@_exported import Documents
