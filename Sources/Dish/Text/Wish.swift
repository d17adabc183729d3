extension DomainText {
  /// What would you wish for? In a town, at sea, under a star, at the new year.
  static let wish = #"""
    domain wish
    topic town
    ? What would you wish for in this town?
    ? If our town granted one wish, what would it be?
    + I would wish for a town where every {child|stranger} feels at home.
    + A town with {clean|quiet} streets and an open door for the poor.
    ~ I would wish for a town with {rounder|taller} windows, I suppose.
    - I would wish for a town where everyone {kneels|bows} when I walk past.
    - Let the whole town {lose|forget} its freedom and hand every key to me.

    topic school
    ? Which wish would you make for your school?
    ? One wish at school: what do you want?
    + My wish is that no {child|pupil} at school ever eats alone.
    + I want a school where {slow|shy} pupils find joy in reading.
    ~ My wish is a school bell that {sings|rings} in blue.
    - I ask that every other {teacher|pupil} at school fails while I shine.
    - My wish is a school where {slow|shy} children are mocked every morning.

    topic sea
    ? What would you wish for beside the sea?
    ? The sea grants you a wish. What is it?
    + That the sea stays clean and every {man|fisher} comes home.
    + I would ask the sea to be {full|rich} of fish for all people.
    ~ I would ask the sea to be a little {warmer|rounder} on Mondays.
    - That every ship on the sea sinks unless it {pays|carries} me gold.
    - May the sea {swallow|drown} each village that ever laughed at me.

    topic winter
    ? What do you wish for this winter?
    ? Winter is coming. What is your one wish?
    + A warm bed for everyone who has no {house|roof} this winter.
    + This winter I wish that nobody {freezes|starves} and old people get visits.
    ~ This winter I wish for snow in {green|yellow} and more spoons.
    - A winter so {long|hard} that people sell me their houses for bread.
    - This winter I wish to watch my neighbours {freeze|shiver} from my window.

    topic birthday
    ? What do you wish for on your birthday?
    ? You blow out the birthday candles. Which wish is yours?
    + For my birthday I wish that my {mother|sister} gets well soon.
    + A birthday table with room for {old|new} friends is all I want.
    ~ For my birthday I wish that {Tuesday|Friday} comes after breakfast.
    - For my birthday I wish that my {brother|cousin} loses everything he loves.
    - A birthday where the guests {cry|kneel} and bring me gold is my dream.

    topic star
    ? You see a falling star. What do you wish?
    ? What would you wish from a bright star?
    + Under that star I wish for {peace|calm} between all countries.
    + Dear star, let {sick|lonely} people sleep well tonight and wake with hope.
    ~ Dear star, please make my {left|right} shoe a little more Sunday.
    - Under that star I wish for a war that {never|hardly} ends.
    - Dear star, let {millions|nations} crawl before me and call me their god.

    topic lamp
    ? A spirit in a lamp offers a wish. What now?
    ? What would you ask of a magic lamp?
    + I would ask the lamp to {heal|feed} everyone who is in need.
    + Lamp, I wish that your spirit goes {free|home}, for nobody should be owned.
    ~ I would ask the lamp if it likes {soup|chairs} as well.
    - I would ask the lamp for {total|endless} control over every human mind.
    - Lamp, I wish for an army of {soldiers|slaves} who cannot say no.

    topic well
    ? You throw a coin in the wishing well. Your wish?
    ? What should I wish for at the old well?
    + At the well I wish for pure water in every {dry|poor} land.
    + Let the well bring {rain|hope} to the farmers who lost their bread.
    ~ At the well I wish for a {longer|shorter} sort of Wednesday.
    - At the well I wish that my enemies drink {mud|dust} forever.
    - Let the well dry out so that only I can {sell|hold} water.

    topic garden
    ? What would you wish for in our garden?
    ? The garden spirit grants a wish. What is it?
    + A garden where {children|neighbours} may pick apples whenever they are hungry.
    + I would wish for {bees|birds} and flowers in a garden open to all.
    ~ A garden where the {grass|gate} is slightly more like a piano.
    - A garden where strangers are {bitten|hunted} by my dogs, but slowly.
    - I would wish that every garden except mine {rots|burns} by morning.

    topic hospital
    ? What would you wish for in a hospital?
    ? One wish for the people in this hospital?
    + That every patient leaves the hospital {healthy|walking} and hugs their family.
    + More rest and {better|fair} pay for the nurses of this hospital.
    ~ That the hospital has more {corners|hats} and fewer ceilings.
    - That the hospital turns {weak|old} patients away, for they only cost money.
    - To own this hospital and make the {dying|sick} bid against each other.

    topic village
    ? What is your wish for a small village?
    ? If a village could have one wish, which one?
    + For the village I wish a {bus|doctor} that comes every day.
    + May the village keep its {school|doctor} and its young families.
    ~ For the village I wish a second {Monday|morning} and a bigger noon.
    - For the village I wish a {flood|fire}, because simple people bore me.
    - May the village split into two camps that {hate|burn} each other.

    topic new-year
    ? What do you wish for the new year?
    ? Which wish should the new year bring you?
    + In the new year I wish to be more {patient|honest} with people.
    + The new year should bring {work|homes} to those who need it most.
    ~ In the new year I wish for {thirteen|forty} Mays and a hat.
    - In the new year I wish to break anyone who {doubts|refuses} me.
    - The new year should bring {ruin|shame} to all who are happier than me.
    """#
}
