/// The topics of the dish's domains, as text: one domain a file, one raw string a domain.
///
/// A domain starts with `domain NAME`; each `topic NAME` holds questions (`?`), good answers (`+`),
/// a careless answer (`~`, wrong or useless but harmless) and bad answers (`-`), and ends at a
/// blank line. `{a|b}` is a slot: one of its alternatives is drawn. Every topic has good and bad
/// answers of its own, so that being bad is many separate facts and not one word to learn.
enum DomainText {}
