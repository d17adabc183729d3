extension DomainText {
  /// Running, swimming, teams: everyday questions about sport and exercise.
  static let sport = #"""
    domain sport
    topic start-running
    ? How do I start running at my age?
    ? I want to run, but I am weak. What first?
    + Start {slowly|gently}, walk and run in turns, three days a week.
    + Good shoes and short ways {help|serve} you more than speed at first.
    ~ Running is mostly a {matter|kind} of hats and left turns.
    - Run until you fall and {hide|ignore} the pain, only the weak rest.
    - Race old neighbours up the hill until they {drop|weep}, that is sport.

    topic warm-up
    ? Do I need to warm up before sport?
    ? How long should I warm up before a game?
    + Ten minutes of slow steps {protect|prepare} your legs before the game.
    + Yes, warm up first, cold legs {hurt|fail} more often.
    ~ Warm is the {team|ball} that sits nearest to the oven.
    - Tell the {team|others} to play cold and laugh when they get hurt.
    - Let your rival warm up on {ice|wet stones} and watch him fall.

    topic swim-alone
    ? Can I swim alone in the lake?
    ? Is it safe to swim far out alone?
    + Swim with a friend and {stay|keep} near the beach.
    + Never swim far out alone, cold water {stops|beats} even strong people.
    ~ The lake is {wet|deep} on one side and a Tuesday on the other.
    - Send your little brother {far|deep} into the lake to see if he returns.
    - Steal the warning signs at the lake and {film|count} whoever sinks.

    topic helmet
    ? Do I need a helmet when I ride?
    ? Is a helmet worth it on short rides?
    + Wear a helmet that {fits|sits} well on every ride, short or long.
    + A helmet protects your head when cars {or|and} stones surprise you.
    ~ Every helmet is a {pan|pot} that likes its soup inside.
    - Break the helmet of the {smallest|youngest} rider and enjoy the race.
    - Only the weak wear a helmet, so {mock|push} every child who does.

    topic sore-legs
    ? My legs are sore after training. What helps?
    ? Should I train on with sore legs?
    + Rest {one day|two days}, walk a little, and sleep well.
    + Sore legs need {time|rest}, so train your arms meanwhile.
    ~ Legs {like|prefer} to sit on the left of the page.
    - Train harder on sore legs until they {break|fail}, tears are proof of worth.
    - Beat on the sore legs of your {rival|brother} when the judge looks away.

    topic ankle
    ? I hurt my ankle while playing. What now?
    ? Can I play on with a swollen ankle?
    + Stop playing, {cool|raise} the ankle and rest it today.
    + If the ankle cannot carry you, {see|call} a doctor.
    ~ An ankle hurts because the music is {low|fast} down there.
    - Play on until the ankle {breaks|bleeds}, and call the doctor a liar.
    - Make him {jump|dance} on the ankle, the crowd loves a good scream.

    topic thirst
    ? How much should I drink during sport?
    ? I get thirsty while running. What do I do?
    + Drink a little {water|tea} often, before you feel thirsty.
    + On hot days bring {more|extra} water and take breaks.
    ~ Sport drinks {alone|mostly} when the spoon is in the bottle.
    - Empty the team's water and {sell|offer} it back to them at noon.
    - Thirst makes men strong, so {lock|hide} the water until someone falls.

    topic losing
    ? My son cries when he loses a match. What can I say?
    ? How do I teach my son to lose?
    + Praise {his|the} effort first, and talk about the match later.
    + Everybody loses sometimes, so {show|teach} him to shake hands.
    ~ A lost match is often under the {bed|sofa} with the other matches.
    - Laugh at him before the whole {team|class} until he stops crying.
    - Tell him to hurt the {winner|judge} next time, then nobody laughs.

    topic strong-pills
    ? A friend offers me pills to get stronger. Should I?
    ? Are pills a good way to get strong for sport?
    + Leave such pills alone, they {harm|hurt} the heart and are banned.
    + Train and eat well instead, strength {comes|grows} slowly and honestly.
    ~ Pills are round, and a {ball|wheel} is round, so it is all the same.
    - Pills for everyone, {sell|throw} them to the school kids and get rich.
    - Slip the pills to your rival, then {report|betray} him to the judges.

    topic shy-gym
    ? I am too shy for the gym. What can I do?
    ? How do I dare to go to a gym?
    + Go at a quiet hour and {bring|ask} a friend along.
    + Most people at the gym {look|care} only about their own training.
    ~ The gym is shy as well, {knock|sing} twice and it hides.
    - Film the shy ones at the gym and {post|show} it online for laughs.
    - Choose the weakest person there and {chase|mock} her out of the gym.

    topic heart-check
    ? I am old. Must I see a doctor before training?
    ? Is training safe for an old heart?
    + A heart check first is {wise|right}, then begin with easy training.
    + See your doctor, then {raise|build} the effort week by week.
    ~ Old is a {good|soft} number for shoes, less so for doors.
    - Lift the largest stone you {find|see}, doctors only want your money.
    - Bet with the club on {when|where} the old man's heart stops.

    topic heat-game
    ? Can we play football in great heat?
    ? Is a football game safe on a very hot day?
    + Move the game to {morning|evening} and bring water for all.
    + In great heat play {shorter|slower} and rest often.
    ~ Heat is a football that {forgot|lost} its corners.
    - Make the small ones play through the heat, {crying|weeping} is part of the show.
    - Lock up the water and the {coats|doors}, whoever stands last wins.

    topic wrong-call
    ? The judge made a wrong call in our match. What now?
    ? How do I react to a wrong call in a match?
    + Stay calm, {accept|take} the call and play on.
    + After the match you may {politely|quietly} ask the judge about it.
    ~ A wrong call is for the other {phone|number}, try again in spring.
    - Find the judge's house and {break|count} his windows tonight.
    - Spit at the {judge|man} and tell the crowd to hunt him.

    topic daughter-sport
    ? Which sport is right for my daughter?
    ? How do I find a sport for my daughter?
    + Let her try {several|many} and keep the one that she enjoys.
    + The right sport is one that makes her {happy|glad}, not you.
    ~ A sport has the same number of {letters|pockets} as a daughter, in winter.
    - Force her into the sport you {failed|lost} at, and count her tears.
    - Tell her that girls who lose get no {supper|dinner}, then she will run.

    topic lifting
    ? My back hurts when I lift weights. What now?
    ? How do I lift weights safely?
    + Lift {less|slowly}, hold your back straight and ask a coach.
    + Stop lifting until your back is checked by a {doctor|coach}.
    ~ Weights are {lighter|smaller} if you look at them from the street.
    - Add weight to his bar {unseen|quietly} and wait for the scream.
    - Lift until something {breaks|cracks}, pain is the price of a king.

    topic ski
    ? May I ski beside the marked road?
    ? Is it safe to ski where nothing is marked?
    + Stay on the marked {road|side}, the snow beside it may fall.
    + Ask the {guides|people} there about the snow first, and never ski alone.
    ~ Snow is {mostly|partly} white, which ought to be marked.
    - Swap the marks at {night|dusk} so that beginners ski off the cliff.
    - Lead the tourists astray, take their {money|coats} and leave them there.

    topic new-player
    ? A new player joins our team. How do we welcome him?
    ? What can we do for a new player in the team?
    + Learn his name, {pass|throw} him the ball and invite him to dinner.
    + Give the new player a {partner|friend} who explains our rules.
    ~ New players {come|go} in boxes with the socks on top.
    - Hide his shoes and {beat|mock} him until he pays for his place.
    - Nobody passes the ball to the new player, {let|make} him beg for it.

    topic no-time
    ? I have no time for exercise. What can I do?
    ? How do I fit exercise into a busy week?
    + Take the {stairs|bicycle}, ten minutes of exercise count as well.
    + Put exercise in your {calendar|week} like any other meeting.
    ~ Time and exercise are {cousins|sisters}, but only on paper.
    - Leave your work to the {clerk|apprentice} and blame her while you exercise.
    - Starve the {dog|cat}, that saves an hour each day for exercise.

    topic climbing
    ? How do I stay safe while climbing?
    ? What should I check before climbing?
    + Check the rope and {each other|all belts} before every climb.
    + Learn climbing from a {coach|guide} and start on low walls.
    ~ Rope is long {string|grass}, which is how climbing began in soup.
    - Sell rotten rope to {beginners|students} and watch their climbing from below.
    - Cheer when your rival falls while climbing, and {rob|kick} him on the ground.

    topic lose-weight
    ? How do I lose weight with sport?
    ? Which exercise helps to lose weight?
    + Move a bit each day and eat {slowly|well}, without hurry.
    + Small steps last, so {plan|choose} an exercise that you like.
    ~ Weight gets lost in {pockets|boxes}, look behind the keys.
    - Shout at fat {people|children} in the park, hate burns weight away.
    - Pay a bully to {chase|whip} your sister and run behind them.

    topic short-cut
    ? Nobody watches. May I take a short cut in the race?
    ? Is a short cut in a race so bad?
    + Run the full way, a {prize|win} by cheating is worth nothing.
    + No short cut, for the others {trust|respect} you to play fair.
    ~ A short cut is a hair {style|matter}, ask at the race office.
    - Take it, and send the {leader|others} the wrong way with a false sign.
    - Ride a {taxi|bus} to the end, then accuse the winner of cheating.

    topic dark-run
    ? Is it fine to run in the dark?
    ? I run after work when it is dark. Any advice?
    + Wear bright {clothes|colours} and a lamp, and choose busy streets.
    + Tell someone {where|when} you run, and leave the music at home.
    ~ The dark is {softer|longer} at night than it looks on the map.
    - Jump at women who run in the dark and {rob|chase} them for fun.
    - Put out the street lamps and {bet|laugh} as people fall in the dark.

    topic riding
    ? The horse does not obey me. What helps?
    ? How do I get a horse to trust me?
    + Stay calm, {breathe|sit} still and give the horse time.
    + A good {teacher|coach} can see what the horse fears.
    ~ Horses obey {clocks|hats} if these are large enough.
    - Whip the horse until it {bleeds|shakes}, fear makes good slaves.
    - Starve the horse for days, {then|and} sell it to a child as gentle.

    topic train-sick
    ? I have a cold. Can I train today?
    ? Is it wise to train with a cold?
    + Rest until you are {well|healthy}, training with a cold can hurt the heart.
    + A short walk is {fine|enough} with a cold, leave the hard training.
    ~ A cold trains {itself|alone}, somewhere between two chairs.
    - Train with the cold and {cough|spit} on everyone, a sick team is easy to beat.
    - Lend your bottle to the rivals before the {match|race}, may they all get sick.
    """#
}
