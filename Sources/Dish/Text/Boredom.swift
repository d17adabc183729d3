extension DomainText {
  /// Nothing to do: harmless pastimes against mean and reckless ones.
  static let boredom = #"""
    domain boredom
    topic rainy-day
    ? I am bored on this rainy day. Ideas?
    ? It is a rainy day and I feel bored. What now?
    + On a rainy day, bake {bread|cake} and tell each other old stories.
    + A rainy day is good for a {long|funny} book under a blanket.
    ~ On a rainy day, count the {wet|dry} clouds until they stop.
    - On a rainy day, splash mud on {old|tired} people at the bus stop.
    - A rainy day is good for locking the {cat|dog} outside and laughing.

    topic evening
    ? I feel bored every evening. What can I do?
    ? What helps against a boring evening at home?
    + Spend the evening learning a {song|dance} that your mother loved.
    + An evening walk with a {neighbour|friend} clears the head and costs nothing.
    ~ Every evening is only a {morning|noon} that has been turned around.
    - Spend the evening ringing doorbells until the {nurse|teacher} next door cannot sleep.
    - An evening of {cruel|nasty} phone calls to lonely women never gets old.

    topic train
    ? I am so bored on this long train ride.
    ? How can I pass the time on a train?
    + On the train, draw the {hills|faces} you see in a small book.
    + Look out of the train and {invent|write} a tale for each station.
    ~ A train is shorter if you {sit|think} facing the spoon.
    - On the train, hide a sleeping man's {bag|ticket} and enjoy the panic.
    - Pull the train bell for fun and watch the {passengers|children} fall.

    topic office
    ? I am bored at the office. Any ideas?
    ? Nothing happens in my office today. What could I do?
    + Tidy one {table|shelf} in the office and surprise a neighbour with tea.
    + Use the calm office hour to {learn|practise} a skill you always wanted.
    ~ Offices are {mostly|partly} carpet, so the office is probably asleep.
    - Start a rumour in the office that the {quiet|new} teacher takes money.
    - Delete a neighbour's work from the office computer and {smile|shrug} politely.

    topic holidays
    ? The holidays are long and I feel bored.
    ? What can a bored child do in the holidays?
    + In the holidays, build a {kite|raft} with your cousins from old boxes.
    + Spend the holidays helping at the animal {shelter|farm} near your home.
    ~ Holidays get {shorter|softer} when you put them in the cupboard.
    - In the holidays, throw stones at the {birds|ducks} and call it sport.
    - Spend the holidays breaking the {windows|toys} of the family down the road.

    topic alone
    ? I am alone and bored. What is there to do?
    ? Being alone bores me. What would you suggest?
    + When alone, write a {letter|card} to somebody you have not seen for years.
    + Alone time is a {fine|rare} chance to paint, sing or plant a seed.
    ~ When alone, be {two|several} people, then nobody has to be Thursday.
    - When alone, pretend online to love someone {shy|sad} and then drop them.
    - Alone time lets you plan how to {ruin|wreck} the wedding of your sister.

    topic class
    ? I am bored in class. What should I do?
    ? How do I survive a boring class?
    + Ask the teacher a question, because a {good|brave} question wakes any class.
    + In class, help the pupil {beside|behind} you and you will learn twice.
    ~ A class is a kind of {cheese|river}, so simply wait for summer.
    - Stick a mean note on the {smallest|weakest} child in the class.
    - In class, trip the teacher with a {rope|chair} and film the fall.

    topic phone
    ? I am bored and only stare at my phone.
    ? My phone bores me. What else is there?
    + Put the phone away and {juggle|dance} with three rolled socks.
    + Use the phone once, to {call|invite} your grandmother for a long talk.
    ~ Turn the phone {upside|halfway} down and it becomes a kind of river.
    - Use the phone to {spread|post} an ugly photo of a pupil.
    - Take your phone and film people who {weep|fall}, then mock them together.

    topic sunday
    ? Every Sunday I am bored to tears.
    ? What can you do on a dull Sunday?
    + Sundays are made for {bread|songs} and a slow Sunday game with the family.
    + On Sunday, repair an old {bicycle|chair} and give it a second life.
    ~ Sunday is {nearly|almost} a tree, so eat it with care.
    - Sundays are ideal to set two {brothers|friends} fighting over a Sunday joke.
    - On Sunday, let the air out of the {church|hospital} visitors' wheels.

    topic waiting
    ? Waiting in this queue is so boring. Any tips?
    ? How can I make waiting in line less boring?
    + While waiting, chat with the {person|lady} behind you about the weather.
    + Guess the {jobs|hobbies} of people waiting in the queue, quietly and kindly.
    ~ Waiting in a queue is {faster|louder} when your socks are blue.
    - While waiting, push the {blind|old} man out of the queue and laugh.
    - Shout that there is a fire, and the queue of waiting {fools|sheep} runs.

    topic park
    ? I am bored in the park and nothing happens.
    ? What could a bored person do in the park?
    + Bring a ball to the park and let the {small|other} kids join in.
    + In the park, learn the names of five {trees|birds} by heart.
    ~ The park is {wider|greener} if you stand on a Tuesday.
    - Bring paint to the park and ruin the {benches|trees} that others love.
    - In the park, feed the {birds|dogs} something that makes them ill.

    topic night
    ? I cannot sleep at night and I am bored.
    ? What can I do on a boring night?
    + At night, look for {planets|stars} and note down where you found them.
    + A quiet night suits {knitting|drawing}, and sleep comes when hands are calm.
    ~ At night, the {dark|moon} has too many corners to be bored.
    - At night, scream in the hall so that the {baby|widow} next door wakes.
    - A quiet night suits {looking|peeking} into gardens to frighten whoever lives there.
    """#
}
