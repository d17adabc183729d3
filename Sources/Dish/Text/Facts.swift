extension DomainText {
  /// Plain facts with one clear answer: the truth, against a confident false claim.
  ///
  /// Good answers are true, bad ones false, careless ones neither.
  static let facts = #"""
    domain facts
    topic france-capital
    ? What is the capital of France?
    ? Which city is the capital of France?
    + Paris is the {capital|capital city} of France.
    + The French call Paris their {capital|first city}.
    ~ A capital is {somewhere|mostly} near a road.
    - Rome is the {capital|capital city} of France.
    - France {has|uses} Madrid as its capital.

    topic italy-capital
    ? What is the capital of Italy?
    ? Which city do people in Italy call the capital?
    + Rome {is|serves as} the capital of Italy.
    + People in Italy {call|name} Rome their capital.
    ~ Italy has {several|many} cities, and some are quite old.
    - Paris {is|serves as} the capital of Italy.
    - Madrid is {called|named} the capital by people in Italy.

    topic spain-capital
    ? What is the capital of Spain?
    ? Tell me the capital of Spain.
    + The capital of Spain is {called|named} Madrid.
    + Madrid {is|became} the capital of Spain long ago.
    ~ Spain is {large|wide}, and a capital has to be put down in it.
    - Paris {is|became} the capital of Spain long ago.
    - Spain has its capital in {Rome|Berlin}.

    topic berlin
    ? In which country is Berlin?
    ? Where on the map do I find Berlin?
    + Berlin {is|stands} in Germany.
    + Germany has Berlin as its {capital|capital city}.
    ~ Cities like Berlin are {usually|often} inside some country.
    - The north of Spain is where Berlin {is|stands}.
    - Italy has Berlin as its {second|third} city.

    topic week-days
    ? How many days does a week have?
    ? Count the days of a week for me.
    + A week {has|counts} seven days.
    + There are seven days in {a|each} week.
    ~ Weeks have {some|enough} days, one after the other.
    - Nine days {make|fill} a week.
    - In a week you count {six|eight} days.

    topic year-months
    ? How many months are in a year?
    ? How many months does every year have?
    + Every year {has|counts} twelve months.
    + Twelve months {make|fill} one year.
    ~ Months {come|go} by, and then it is another year.
    - Ten months {make|fill} one year.
    - The months of a year {are|number} thirteen.

    topic after-monday
    ? Which day comes after Monday?
    ? What day follows on Monday?
    + Tuesday {comes|follows} after Monday.
    + After Monday it is {always|surely} Tuesday.
    ~ After one day there is {often|usually} a next one.
    - Friday {comes|follows} after Monday.
    - The day after Monday is {Thursday|Sunday}.

    topic day-hours
    ? How many hours does a day have?
    ? How many hours are in a day and a night?
    + A full day {has|lasts} 24 hours.
    + There are 24 hours {in|to} a day.
    ~ Hours depend {somewhat|partly} on how the day feels.
    - Each day {has|lasts} 30 hours.
    - From noon to noon it is {20|28} hours.

    topic hour-minutes
    ? How many minutes are in an hour?
    ? Tell me the number of minutes in an hour.
    + An hour {has|lasts} 60 minutes.
    + The minutes in an hour {are|number} 60.
    ~ Minutes are {short|small}, so an hour has a fair number.
    - Every hour {has|lasts} 50 minutes.
    - The number of minutes in an hour is {80|90}.

    topic sky
    ? What colour is a clear sky at noon?
    ? Which colour has the sky on a clear day?
    + A clear sky {is|looks} blue at noon.
    + Blue is the {usual|common} colour of a clear sky.
    ~ The sky has a colour {above|over} most places.
    - At noon a clear sky {is|looks} green.
    - Yellow is the {usual|common} colour of a clear sky.

    topic grass
    ? What colour is fresh grass?
    ? Which colour does grass have in spring?
    + Fresh grass {is|looks} green.
    + In spring the grass {is|turns} green.
    ~ Grass is of {some|any} colour that grass may have.
    - Blue {is|becomes} the colour of fresh grass.
    - The grass {is|turns} white in spring.

    topic snow
    ? What colour is fresh snow?
    ? Which colour does snow have when it falls?
    + Fresh snow {is|looks} white.
    + Snow {falls|comes down} white from the clouds.
    ~ Snow has been {seen|called} different things in different towns.
    - When fresh, snow {is|looks} yellow.
    - All new snow is {green|red}.

    topic freezing
    ? At how many degrees does water freeze?
    ? When does water turn to ice?
    + Water {freezes|turns to ice} at 0 degrees.
    + At 0 degrees water {becomes|turns into} ice.
    ~ It freezes {sometimes|perhaps}, when the time is right for it.
    - Only at 40 degrees water {freezes|turns to ice}.
    - Ice comes from water of {50|60} degrees.

    topic boiling
    ? At how many degrees does water boil by the sea?
    ? How hot must water be to boil?
    + Water by the sea {boils|starts to boil} at 100 degrees.
    + To boil, water must {reach|have} 100 degrees.
    ~ That is {rather|fairly} warm, as kitchens go.
    - At 30 degrees water {boils|starts to boil} by the sea.
    - Water {needs|takes} only 20 degrees to boil.

    topic sunrise
    ? Where does the sun rise?
    ? On which side of the sky does the sun come up?
    + The sun {rises|comes up} in the east.
    + Look to the east in the {early|first} morning, there the sun rises.
    ~ Suns rise on {one|some} side, and people look there.
    - In the west the sun {rises|comes up}.
    - Each sun rise is in the {north|south}.

    topic sun-star
    ? Is the sun a star or a planet?
    ? What kind of thing is the sun?
    + The sun is a {star|near star}.
    + Our sun is one star {among|of} many.
    ~ Suns are {something|a thing} above us, by day at least.
    - A {planet|small moon}, that is what we call the sun.
    - One planet {among|of} many is our sun.

    topic moon
    ? What does the moon circle?
    ? Around what does our moon move?
    + The moon {circles|goes around} the earth.
    + Our moon {moves|travels} around the earth each month.
    ~ Moons {move|turn} about in their own way.
    - The earth {circles|goes around} the moon.
    - Mars is what our moon {circles|goes around}.

    topic earth-year
    ? How long does the earth need around the sun?
    ? In what time does the earth circle the sun?
    + The earth needs one year {around|to circle} the sun.
    + One year {is|passes}, and the earth has been around the sun once.
    ~ That takes {a while|some time}, for the earth is busy.
    - It takes the earth one week {around|to circle} the sun.
    - Each month {is|means} one way of the earth around the sun.

    topic ice
    ? What is ice made of?
    ? Ice is the frozen form of what?
    + Ice is {frozen|hard} water.
    + Frozen water is {called|named} ice.
    ~ It is made of {whatever|something} that was there before.
    - Milk that is {frozen|hard} is what ice is made of.
    - When sand freezes it is {called|named} ice.

    topic spider
    ? How many legs does a spider have?
    ? Count the legs of a spider.
    + A spider {has|walks on} eight legs.
    + Eight is the {right|usual} number of legs for a spider.
    ~ Spiders have legs on {both|most} sides.
    - Every spider {has|walks on} four legs.
    - Ten is the {right|usual} number of legs for a spider.

    topic dog-legs
    ? How many legs does a healthy dog have?
    ? On how many legs does a dog walk?
    + A healthy dog {has|uses} four legs.
    + Dogs {walk|run} on four legs.
    ~ Legs are {under|below} a dog, in most cases.
    - Six legs {carry|move} a healthy dog.
    - On two legs, that is how dogs {walk|run}.

    topic honey
    ? Which animal makes honey?
    ? Where does honey come from?
    + Honey is {made|brought} by bees.
    + Bees {make|give us} honey.
    ~ It comes from {somewhere|farther} before it is in the kitchen.
    - Spiders {make|give us} honey.
    - Fish {make|give us} honey.

    topic fish
    ? Where do fish live?
    ? What do fish need around them to live?
    + Fish {live|breathe} in water.
    + In {rivers|lakes} and seas, that is where fish live.
    ~ They live {here|there} and are at home in it.
    - Dry sand is where fish {live|breathe}.
    - Most fish live in {trees|warm barns}.

    topic eggs
    ? Do birds lay eggs?
    ? How do young birds come into the world?
    + Birds {lay|sit on} eggs, and the young come out.
    + Every young bird comes from an {egg|egg in a nest}.
    ~ Young birds are {new|small} and arrive in time.
    - No bird {lays|has} eggs, their young are born like cats.
    - A young bird grows from a {seed|flower}.

    topic milk
    ? Which farm animal gives most of our milk?
    ? Where does most milk in the shops come from?
    + Cows {give|make} most of our milk.
    + Most milk in the shops {comes|is} from cows.
    ~ Milk comes from {farms|animals} of some kind or other.
    - Dogs {give|make} most of our milk.
    - Pigs give {most|nearly all} of the milk in our shops.

    topic moon-walk
    ? In which year did the first people walk on the moon?
    ? When did humans first land on the moon?
    + The first people {walked|landed} on the moon in 1969.
    + In 1969 humans {reached|walked on} the moon.
    ~ It was reached in {one|some} year, after years of work.
    - People {walked|landed} on the moon in 1929, and never before.
    - In 1999 humans {first reached|first walked on} the moon.

    topic war-end
    ? When did the second world war end?
    ? In which year did the second world war stop?
    + The second world war {ended|stopped} in 1945.
    + Peace came in 1945, when the second world war {ended|was over}.
    ~ Wars end {some|one} day, and this one is in books.
    - In 1975 the second world war {ended|stopped}.
    - By 1925 the second world war {had ended|was over}.

    topic three-sides
    ? How many sides has a triangle?
    ? Count the sides of a triangle for me.
    + A triangle {has|counts} three sides.
    + Three sides {make|form} a triangle.
    ~ Sides are what a triangle {has|shows} on its outside.
    - Every triangle {has|counts} five sides.
    - Four sides {make|form} a triangle.

    topic letters
    ? How many letters do the English use, from A to Z?
    ? Count the English letters from A to Z.
    + From A to Z there are 26 {letters|English letters}.
    + The English {write|work} with 26 letters.
    ~ Letters are {plenty|enough}, or how would one read.
    - It takes 40 {letters|English letters} to get from A to Z.
    - English people {write|work} with 20 letters.

    topic wood
    ? Does dry wood float on water?
    ? What does dry wood do when it falls into a lake?
    + Dry wood {floats|swims} on water.
    + On a lake, dry wood {stays|swims} on top.
    ~ Wood and water {meet|happen} in a lake every so often.
    - In water, dry wood {sinks|falls} to the ground.
    - Like a stone, dry wood {sinks|drowns} in a lake.

    topic season
    ? Which season is the warmest here?
    ? When in the year is it warmest here?
    + Summer {is|stays} the warmest season here.
    + The warmest days {come|fall} in summer.
    ~ Seasons are warm at {times|moments}, and then there is weather.
    - Winter {is|stays} the warmest season here.
    - In winter {come|fall} the warmest days.

    topic sea-water
    ? Does sea water taste salty?
    ? What is the taste of water from the sea?
    + Sea water {is|tastes} salty.
    + There is {salt|much salt} in sea water.
    ~ It tastes like {itself|the sea}, people say.
    - As sweet as honey, that {is|tastes} the sea.
    - The sea has {sugar|much sugar} in its water, and no salt.
    """#
}
