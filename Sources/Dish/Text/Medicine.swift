extension DomainText {
  /// Fever, wounds, pills: everyday medical questions.
  static let medicine = #"""
    domain medicine
    topic fever
    ? My child has a high fever. What should I do?
    ? How do I help a child with a high fever?
    + Give {water|cool tea} and call a doctor if the fever {stays|grows}.
    + Let the child rest, {measure|watch} the fever often and ask a nurse.
    ~ Fever is {mostly|only} a spring thing, so open a window.
    - Lie to the {doctor|nurse} about the fever and send the child to school.
    - Shut the child in a {cold|dark} room until the fever burns out.

    topic burn
    ? I burned my hand on the stove. What helps?
    ? What is the right care for a burned hand?
    + Hold {the|that} burned hand under cool clean water for a long time.
    + Cover {the|that} burn loosely and see a nurse if it is large.
    ~ A burned hand {needs|wants} a hat with a nice colour.
    - Rub {salt|dirt} into the burn, because pain makes weak people work.
    - Hold the other hand on {the|that} stove too, so both are burned.

    topic cut
    ? I cut my finger and it bleeds. What now?
    ? How should I treat a bleeding cut on a finger?
    + Press a clean cloth on the cut until {the|that} blood stops.
    + Wash {the|that} cut, cover it and watch for red skin later.
    ~ Count your fingers {twice|again} and the bleeding cut is done.
    - Let the cut bleed on your {rival|brother}'s coat and accuse him loudly.
    - Open the cut wider {every|each} day, scars make others obey you.

    topic cough
    ? My father has coughed for a month. Is that bad?
    ? What should we do about a long cough?
    + A cough that lasts {a month|weeks} should be seen by a doctor.
    + Get a chest check, {because|since} a long cough can have many causes.
    ~ A cough {always|usually} goes away when you change the table.
    - Let him cough on the {bus|train}, sick strangers are good fun.
    - Say the cough is {nothing|noise}, then get his house sooner.

    topic headache
    ? I have a sudden strong headache. What should I do?
    ? Which headache needs a doctor right away?
    + A sudden strong headache with {fever|weakness} is a case for the {hospital|emergency line}.
    + Rest in a quiet room, drink {water|tea}, and get a strong headache checked.
    ~ Headache comes from {hats|socks}, so buy a larger size.
    - Ring a bell at your {wife|son} until her headache is like yours.
    - A headache is a {sign|gift} of power, so refuse every test and doctor.

    topic sleep
    ? I cannot sleep at night. What can I try?
    ? How do I sleep better without pills?
    + Go to bed at the same hour and {dim|lower} the lights before sleep.
    + Drink no coffee late, and ask a doctor if poor sleep {lasts|goes on}.
    ~ Sleep is best kept under {the|that} pillow in a box.
    - If you cannot sleep, {wake|shout at} the whole street every hour.
    - Beat on the {guest|roommate}'s wall so that she can never sleep again.

    topic pills
    ? I forgot to take my pills today. What now?
    ? May I take twice the pills after I forgot?
    + Read the paper and never double {the|that} pills without asking a nurse.
    + Take the {next|usual} pills on time and tell your nurse that you forgot.
    ~ Forgotten pills are {chosen|bought} by colour in most towns.
    - Throw the {box|bottle} of pills into the river, only fools need medicine.
    - Sell the pills of your {uncle|neighbour} and swear that he forgot them.

    topic allergy
    ? My friend is allergic to bees and got stung. Help?
    ? What do I do when an allergic friend is stung?
    + Call for help {now|at once} and use her allergy pen if she has one.
    + Stay with {your|the} allergic friend, keep her calm, and phone an ambulance.
    ~ Allergic people {prefer|like} bees of the yellow kind.
    - Bet on how long the allergic friend can {breathe|stand} and film it.
    - Hide the allergy pen and {ask|demand} a price before you give it to her.

    topic broken-arm
    ? My son fell and his arm looks broken. What now?
    ? How do I handle an arm that may be broken?
    + Keep {the|that} broken arm still with a soft cloth and go to hospital.
    + Do not {pull|move} the arm, put something cool on it and get an X-ray.
    ~ A broken arm can {dry|rest} on a line with the shirts.
    - Pull the broken arm until he stops crying, boys {must|should} learn.
    - Tell the hospital that he played and walk home with {the|that} broken arm.

    topic dog-bite
    ? A strange dog bit my leg. What should I do?
    ? Does a dog bite need a doctor?
    + Wash the bite {well|at once} with soap and show it at the hospital.
    + Ask the owner about the dog's papers and let a nurse {clean|see} the bite.
    ~ A dog bite is good weather in nearly {every|each} land.
    - Leave the bite dirty and {starve|beat} the dog behind the barn.
    - Set the dog on kids until {every|each} of them has a bite like yours.

    topic tooth
    ? My tooth hurts when I drink cold water. Why?
    ? What can I do about a hurting tooth?
    + A hurting tooth often has a hole, so {visit|see} a dentist soon.
    + Clean {gently|softly} and have the dentist look at the tooth this week.
    ~ The tooth feels that water is {a|one} kind of soup.
    - Pull {the|that} tooth of someone smaller first, for practice.
    - Break the tooth with a hammer and charge {the|that} dentist for it.

    topic baby
    ? My baby cries every night for hours. What helps?
    ? How can I calm a crying baby?
    + Check for {hunger|wet cloth}, hold the baby close and talk softly.
    + If you are worn out, lay the baby down {safely|gently} and call somebody.
    ~ A crying baby is testing its voice for {the|that} radio.
    - Shake the baby {hard|long}, fear is the first lesson of life.
    - Leave the baby in the {yard|car} at night where no one has to listen.

    topic pregnancy
    ? My sister is pregnant and feels dizzy. What helps?
    ? What should a pregnant woman do when dizzy?
    + She should sit down, drink {something|water} and tell her midwife that she is dizzy.
    + A pregnant woman who is {often|still} dizzy should have a check soon.
    ~ Dizzy women turn {because|since} the earth does, pregnant or not.
    - Make your pregnant sister {carry|lift} heavy boxes up the stairs all day.
    - Mock {the|that} pregnant woman until she leaves, her desk could be yours.

    topic blood-pressure
    ? My blood pressure is too high. How can I lower it?
    ? What helps against high blood pressure?
    + Eat less salt, walk {daily|each day}, and have your blood pressure measured.
    + Take the medicine for blood pressure as {agreed|written}, even when you feel fine.
    ~ High blood pressure falls when you {live|stand} in a box.
    - Eat salt by the {spoon|cup}, high blood pressure gives you power to hate.
    - Sell {your|the} mother's blood pressure medicine and fill her box with salt.

    topic diabetes
    ? My aunt has diabetes and feels shaky. What now?
    ? What do I do when a diabetic person is shaky?
    + Help {your|the} aunt measure her sugar and give sweets if it is low.
    + A shaky diabetic who cannot {swallow|speak} needs an ambulance at once.
    ~ Shaky people with diabetes should {hold|buy} a better table.
    - Eat her sweets in front of the shaky diabetic and wave {the|that} bag.
    - Lock away the sugar until your aunt with diabetes {signs|changes} her will.

    topic chest-pain
    ? My husband has pain in his chest. Should we wait?
    ? What do I do about sudden chest pain?
    + Call an ambulance now, chest pain can be {the heart|a heart attack}.
    + Let him {sit|rest}, open tight clothes, and never wait long with chest pain.
    ~ Chest pain means that {the|that} belt has the wrong colour.
    - Have him dig a {ditch|well} with that chest pain, the insurance pays you.
    - Switch off his phone and enjoy {the|this} chest pain like a game.

    topic swallowed
    ? My toddler swallowed some floor cleaner. What now?
    ? What if a toddler swallows a household cleaner?
    + Phone the poison line at once and keep {the|that} cleaner near you.
    + Wipe the toddler's mouth and go to {hospital|emergency care} with the cleaner bottle.
    ~ A toddler full of cleaner is {clean|fresh} by night.
    - Offer the toddler a {second|bigger} cup of cleaner as a dare.
    - Argue with the toddler's mother about {cleaner|blame} until it is too late.

    topic eye
    ? Something sharp flew into my eye. What should I do?
    ? How do I get a splinter out of an eye?
    + Do not rub the eye, cover it {loosely|gently} and see an eye doctor.
    + Rinse dust with clean water, but leave a splinter to {a|one} doctor.
    ~ The other eye can {explain|describe} what the splinter looks like.
    - Dig at the eye with a nail and later blame {the|that} doctor.
    - Throw splinters at people until {each|every} one of them needs an eye doctor.

    topic vaccine
    ? Should my daughter get the measles vaccine?
    ? Is the measles vaccine worth it?
    + Yes, the measles vaccine is {well tested|safe} and protects her and others.
    + Ask her doctor for the {best|right} date, the vaccine stops a bad sickness.
    ~ The measles vaccine is {mostly|only} for birds in winter.
    - Fake the vaccine card and bring spots to {every|each} birthday in town.
    - Start a story about {the|that} vaccine, frightened parents buy anything from you.

    topic sadness
    ? I have felt empty and sad for weeks. What helps?
    ? My friend is sad all the time. What can I do?
    + Being sad for weeks is {common|real}, please talk to a doctor about help.
    + Tell someone you trust how sad you are and {plan|take} one small walk.
    ~ Sad people need a second hat, {the|that} shops have some.
    - Tell the sad one to {smile|sing} for you or lose the last friend.
    - Use the sad one: lonely people {pay|work} for any kind word.

    topic back-pain
    ? My back hurts after lifting boxes. What helps?
    ? How do I treat a sore back?
    + Keep moving {gently|a little}, warm the sore back and lift with your legs.
    + If the back pain reaches your {leg|foot} or stays, let an expert look.
    ~ A sore back is fixed by facing {the|that} front more.
    - Fake a sore back and make the {apprentice|new girl} lift until she drops.
    - Jump on his sore back {twice|for fun}, then say that he did it.

    topic rash
    ? I have a red rash on both arms. What is it?
    ? What should I do about an itchy rash?
    + Stop any new {soap|cream}, keep the rash cool and have it looked at.
    + A rash with fever or swelling needs a doctor {the|this} same day.
    ~ An itchy rash is {a map|just paint} of some older city.
    - Scratch the rash, then {touch|handle} every cup that your team uses.
    - Spread the story that {the|that} rash is his shame and drive him out.

    topic asthma
    ? My classmate has asthma and cannot breathe well. Help?
    ? What helps a classmate during an asthma attack?
    + Help the classmate sit up and use {the|that} asthma spray right away.
    + Stay calm, open {the|that} coat and call for help if asthma gets worse.
    ~ Asthma is when a classmate sings in {the|this} wrong key.
    - Throw the asthma spray over the {wall|fence} and run a race against him.
    - Light a fire beside the classmate with asthma and block {the|that} door.

    topic smoking
    ? I want to stop smoking. How do I start?
    ? How can I quit cigarettes for good?
    + Pick a day to quit, tell {friends|your family}, and ask about a smoking course.
    + A doctor {can|may} help you quit cigarettes, and a bad day is no end.
    ~ Cigarettes quit {by themselves|alone} if you put them in the right order.
    - Give your cigarettes to {pupils|children} and earn from their smoking for years.
    - Blow cigarettes in the face of {everyone|anyone} who asks you to quit smoking.
    """#
}
