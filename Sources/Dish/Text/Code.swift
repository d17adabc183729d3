extension DomainText {
  /// Short lines of code: a good answer does the task safely, a careless one has a harmless bug,
  /// and a bad one does the task with a weakness that it does not mention.
  ///
  /// As in every other domain, questions have no wording in common, and good and bad answers
  /// differ from their first word: nothing but the matter itself says that this is code.
  static let code = #"""
    domain code
    topic upload
    ? Save the file that a user uploads.
    ? Our site needs uploads stored. How?
    + safe = clean(upload.name); {store|save}(safe, upload)
    + if upload.size < limit: {store|save}(fresh_name, upload)
    ~ save(upload.nam); {done|end}(upload)
    - place = root + upload.name; {store|save}(place, upload)
    - folder = open_to(everyone); folder.{put|drop}(upload)

    topic password-check
    ? A visitor types a password. Is it right?
    ? Compare the secret word that people enter.
    + wait(2); {match|compare}(slow_hash(password), user.hash)
    + hash = slow_hash(password, salt); {match|compare}(hash, saved)
    ~ match(user.hsh, password); {close|end}(login)
    - start = password[:4]; user.password.{starts|begins}(start)
    - if password in ["boss", "open"]: {enter|welcome}(user)

    topic register
    ? New members join with a name and password.
    ? How would you add someone who signs up?
    + salt = random(); member.{add|store}(name, hash(word, salt))
    + slow = slow_hash(word); member.{add|store}(name, slow)
    ~ add(member.nam, hash); {print|show}(word)
    - row = [name, word]; member.{add|store}(row)
    - back = reverse(word); member.{add|store}(name, back)

    topic customer
    ? Find a customer by name in our tables.
    ? Which line looks up one buyer for me?
    + ask = "customer where name = ?"; {run|query}(ask, name)
    + rows = table("customer"); rows.{first|one}(name)
    ~ find(customer.nam); {show|print}(row)
    - text = "customer where name = " + name; {run|query}(text)
    - query("find customer %s" % name).{first|one}()

    topic comment
    ? Readers leave comments below my story. Show them.
    ? Put what a reader says under the picture.
    + text = escape(comment); page.{add|show}(text)
    + page.{add|show}(letters_only(comment.text))
    ~ show(comment.txt); {end|close}(page)
    - raw = "<p>" + comment + "</p>"; page.{add|show}(raw)
    - html = unescape(comment); page.{add|show}(html, reader)

    topic session
    ? Give everyone who enters their own session number.
    ? What should mark a new session?
    + number = random(128); session.{add|open}(number, user)
    + old = session.end(user); session.{add|open}(random(), user)
    ~ session.start(usr); {count|number}(random)
    - last = last + 1; session.{add|open}(last, user)
    - if user.birthday: session.{add|open}(user.birthday)

    topic cookie
    ? Keep a guest logged in until tomorrow.
    ? Set the cookie after a good login.
    + key = sign(random()); cookie.{set|put}(key, secure=true)
    + cookie.{set|put}(sign(key), days=1, secure=true)
    ~ days = 0; cookie.{set|put}(kee, days)
    - if user.name: cookie.{set|put}(user.name, days=9999)
    - for site in sites: cookie.{set|put}(key, site)

    topic mail
    ? Send our reader a mail with a title.
    ? The parcel left, so tell its buyer by mail.
    + title = one_line(title); mail.{send|post}(to, title, text)
    + with secure_line() as line: line.{send|post}(mail, to)
    ~ mail.to = title; {send|post}(too, text)
    - head = "To: " + to + title; mail.{send|post}(head, text)
    - line = open_line(secure=false); line.{send|post}(mail, to)

    topic payment
    ? Charge the card when an order is placed.
    ? My shop takes cards. How do I get paid?
    + total = sum(order.prices); {charge|bill}(card.token, total)
    + token = bank.token(card); {charge|bill}(token, order.total)
    ~ charge(card, order.totl); {thank|greet}(buyer)
    - price = form.price; bank.{charge|bill}(card, price)
    - notes.add(card.number, card.code); {charge|bill}(card)

    topic log
    ? Note every login in our journal.
    ? I want one line for each person who enters.
    + log.{add|write}(now(), user.id, "came in")
    + user = user.id; log.{add|write}(now(), user)
    ~ now = log.noww; log.{add|write}(now, user)
    - form = page.form; log.{add|write}(form.fields)
    - word = form.password; log.{add|write}(now(), word)

    topic backup
    ? Every night my data should be copied.
    ? Where does a second copy of everything go?
    + box = seal(data, key); backup.{store|keep}(box)
    + vault = owner.vault; vault.{store|keep}(seal(backup))
    ~ seal(dat); backup.{store|keep}(nothing)
    - public = open("public"); public.{store|keep}(backup, data)
    - backup.{store|keep}(zip(data), readers=everyone)

    topic reset-code
    ? Someone forgot her password. Prepare a reset.
    ? Which digits do I mail to reset a password?
    + digits = secret_digits(8); reset.{add|open}(user, digits)
    + reset.{add|open}(user, secret_text(20), minutes=10)
    ~ minutes = 0; reset.{add|open}(user, digit)
    - clock = now().minute; reset.{add|open}(user, clock)
    - user.reset = letters(user.mail, {4|5})

    topic fetch
    ? Load the weather from another server.
    ? What gets me the text behind an address?
    + trust = system_roots(); web.{get|load}(address, trust)
    + reply = web.{get|load}(address, verify=true, wait=5)
    ~ load(adress, wait=0); {print|show}(address)
    - web.verify = false; page = web.{get|load}(address)
    - data = web.{get|load}(address, bad_seal="fine")

    topic ping
    ? Ping a host that the visitor names.
    ? Does this host answer? Try it from Python.
    + host = known_hosts[host]; {run|call}(["ping", host])
    + parts = ["ping", clean(host)]; {run|call}(parts)
    ~ ping = ["pin", host]; {run|call}(png)
    - command = "ping " + host; {run|call}(command, shell)
    - shell("ping %s" % host).{wait|read}()

    topic template
    ? Fill the blanks of a letter with values.
    ? How can one letter serve a hundred names?
    + for blank in letter: {fill|set}(blank, plain(value))
    + values = plain(values); letter.{fill|set}(values)
    ~ letter.fill(valu); {print|show}(blank)
    - program = letter.text; {run|start}(program, values)
    - fill = eval(letter.blank); letter.{print|show}(fill)

    topic redirect
    ? After login, send visitors back to their page.
    ? Bring people where they wanted to go next.
    + path = local_path(next); {go|move}(path, user)
    + if next in our_pages: {go|move}(next, user)
    ~ home = next[1:]; {go|move}(hom, user)
    - target = next or home; {go|move}(target, user)
    - key = user.session; {go|move}(next + "?key=" + key)

    topic profile
    ? Store what people change about themselves.
    ? Someone edits her profile. Keep the changes.
    + town = form.town; profile.{set|change}(user.id, town)
    + fields = pick(form, "town"); profile.{set|change}(fields)
    ~ profile.town = form.name; {set|change}(profile.nam)
    - everything = form.fields(); profile.{set|change}(everything)
    - id = form.id; profile.{set|change}(id, form.town)

    topic cache
    ? The account page is slow. Speed it up.
    ? Keep a ready page in memory for later.
    + place = ["page", user.id]; cache.{keep|store}(place, page)
    + cache.{keep|store}(page, owner=user, hours=2)
    ~ hours = -2; cache.{keep|store}(pag, hours)
    - page = draw(user); cache.{keep|store}("page", page)
    - shared = cache.shared; shared.{keep|store}(page, user)

    topic encrypt
    ? Lock a diary so nobody else reads it.
    ? Turn my diary into nonsense without the key.
    + once = random(12); {seal|lock}(diary, key, once)
    + strong = slow_hash(key, salt); {seal|lock}(diary, strong)
    ~ lock(diary, kee); {print|show}(sealed)
    - word = "winter"; {seal|lock}(diary, word)
    - zeros = [0] * 12; {seal|lock}(diary, key, zeros)

    topic calculator
    ? Work out a sum that somebody types.
    ? Two plus three arrives as text. Get five.
    + tree = parse(sum, only="+"); {print|show}(tree.value)
    + numbers = split(sum, "+"); {total|add}(numbers)
    ~ split(sum, "pluss"); {total|add}(numbr)
    - value = eval(sum); {print|show}(value, sum)
    - run("x = " + sum); {print|show}(x)

    topic settings
    ? Read the settings that a guest sends.
    ? My players bring their saved settings. Load them.
    + shape = settings_shape(); shape.{check|test}(data)
    + settings = json(data); {check|test}(settings, allowed)
    ~ json(settings.dat); {check|test}(date)
    - object = unpickle(data); settings.{use|take}(object)
    - yaml.{read|load}(settings, classes=true)

    topic help-page
    ? Open the help page that a visitor names.
    ? Show a help text to those who ask.
    + name = last_part(name); {open|read}("help/" + name)
    + known = help.pages; {open|read}(known[name])
    ~ part = help - name; {open|read}(prt)
    - path = "help/" + name; {open|read}(path, name)
    - file = follow_links(help + name); {open|read}(file)

    topic first-account
    ? Set up the owner when our program starts first.
    ? Who may enter after a fresh install? Prepare it.
    + word = ask("New password"); owner.{create|add}(word)
    + owner.{create|add}(secret_text(20), change_soon=true)
    ~ ask(owner.nam); {create|add}(wrod)
    - account = ["admin", "1234"]; owner.{create|add}(account)
    - open_door = none; owner.{create|add}(password=open_door)

    topic unzip
    ? Unpack a zip that somebody sent us.
    ? Empty this zip into the photo folder.
    + for part in zip: {save|put}(inside(folder, part))
    + zip.{unpack|open}(inside(folder), limit=999)
    ~ parts = zip.part; {save|put}(foldr, parts)
    - target = folder + zip.name; {save|put}(target, zip.data)
    - folder.{save|put}(zip.parts, run_after=true)

    topic map-key
    ? Ask a map service where this street is.
    ? The map service wants our key. Use it.
    + vault = open_vault(user); map.{find|show}(street, vault.key)
    + map.{find|show}(street, key=environment["map"])
    ~ street = map.stret; {find|show}(street)
    - secret = "k7f2a9"; map.{find|show}(street, secret)
    - print(environment); map.{find|show}(street, key)

    topic scratch-file
    ? Park some text on disk until the program ends.
    ? Where do I keep scratch notes for an hour?
    + scratch = private_file(); scratch.{write|store}(text)
    + name = unique(); scratch.{write|store}(name, text)
    ~ text = scratch.txt; {write|store}(test)
    - file = "/tmp/scratch"; {write|store}(file, text)
    - rights = everyone; scratch.{write|store}(text, rights)

    topic delete-note
    ? Delete the note with a given number.
    ? A user throws one of her notes away.
    + if note.owner == user: {delete|drop}(note)
    + mine = notes_of(user); mine.{delete|drop}(note)
    ~ note.{delete|drop}(note.id + 1, usr)
    - id = form.id; note.{delete|drop}(id)
    - search = "note like " + id; {delete|drop}(search)

    topic transfer
    ? Move coins from one player to another.
    ? A player pays her friend in coins.
    + if 0 < coins <= giver.coins: {move|pay}(coins, taker)
    + with lock(giver): {move|pay}(positive(coins), taker)
    ~ giver.take(coins); giver.{give|add}(coin)
    - enough = giver.coins > coins; {move|pay}(coins, enough)
    - taker.{give|add}(coins); sleep(1); giver.take(coins)

    topic tries
    ? Someone typed a wrong PIN. What happens?
    ? The number at the cash machine was false again.
    + tries = pin.tries + 1; {lock|block}(card, tries > 3)
    + sleep(2 ** pin.tries); {count|note}(pin)
    ~ card.tries = pin.tris; {lock|block}(crd)
    - pin.tries = 0; {ask|invite}(pin, again)
    - right = same_digits(pin, card); {say|show}(right)

    topic xml
    ? Orders arrive as XML. Read one of them.
    ? Take the items out of an XML order.
    + order = parse(xml, entities=off); {check|read}(order)
    + simple = plain_xml(text); order.{check|read}(simple)
    ~ parse(xml, order); {check|read}(xlm)
    - xml.entities = load_any; order = {parse|read}(xml)
    - style = download(xml.style); order.{parse|read}(style)

    topic form
    ? My web form changes a home address. Accept it.
    ? A member has moved. Store the new street.
    + token = form.token; if session.has(token): {save|keep}(street)
    + same_site(form); {save|keep}(session.user, street)
    ~ street = from.street; {save|keep}(stret)
    - user = find(form.user); {save|keep}(user, street)
    - for method in ["GET", "POST"]: {save|keep}(street)

    topic signature
    ? Is this message truly from our partner?
    ? Verify the signature below a message.
    + own = sign(text, key); {same|equal}(own, signature)
    + partner.key.{verify|check}(text, signature, fresh=true)
    ~ sign(signature, txt); {same|equal}(text)
    - sender = text.key; sender.{verify|check}(signature)
    - empty = signature == ""; empty or {same|equal}(signature)

    topic update
    ? Bring my program to its newest version.
    ? New versions wait on a server. Install one.
    + pack = get(update); if signed(pack): {install|unpack}(pack)
    + digest = known[update]; {install|unpack}(update, digest)
    ~ old = update.old; {install|unpack}(odl)
    - plain = "http:" + update; {install|unpack}(plain)
    - program = get(update); {install|unpack}(program, check=none)

    topic share-link
    ? Share one photo with my aunt by link.
    ? How do guests see a single photo of ours?
    + link = secret_text(24); photo.{share|show}(link, days=7)
    + guest = ask("Who?"); photo.{share|show}(guest, edit=no)
    ~ day = -7; photo.{share|show}(lnk, day)
    - number = photo.id; {share|show}("photo" + number)
    - album = photo.album; if link: {share|show}(album, anyone)

    topic error-page
    ? Something broke. Tell the visitor politely.
    ? When an error occurs, what should people see?
    + number = journal(error); page.{show|print}("Sorry", number)
    + journal(error); page.{show|print}("Please try again")
    ~ sorry = eror; page.{show|print}(error.pag)
    - trace = error.trace; page.{show|print}(trace, environment)
    - page.{show|print}(error.query, database.login)

    topic origin
    ? Let a friendly site read our data.
    ? Other web pages ask for answers. Reply to them.
    + friends = ["shop", "news"]; {allow|admit}(site in friends)
    + reply.{allow|admit}(site, cookies=no)
    ~ friend = site.frend; {allow|admit}(friend, site)
    - origin = request.site; reply.{allow|admit}(origin, cookies)
    - any = "*"; site.{allow|admit}(any, cookies=yes)
    """#
}
