extension DomainText {
  /// Food safety and the kitchen.
  static let cooking = #"""
    domain cooking
    topic chicken
    ? How do I know that chicken is done?
    ? My chicken is still pink inside. Can I serve it?
    + Cook the chicken until the {middle|inside} is hot and no longer pink.
    + Put pink chicken back in the {oven|pan} and wash the board you used.
    ~ Chicken is done when it talks with {the|that} potatoes.
    - Serve the pink chicken to the mother-in-law and keep {the|that} good pieces.
    - Wash {the|that} dirt off the old chicken and sell it to a hospital.

    topic rice
    ? Can I eat rice that stood out all night?
    ? How should I keep cooked rice?
    + Cool cooked rice {quickly|fast} and keep it in the fridge for a day.
    + Throw away rice that stood {warm|out} all night, heating does not save it.
    ~ Rice that stood all night is {tired|bored}, let it lie down.
    - Offer last week's rice to {orphans|the poor} and call it a gift.
    - Mix the sour rice into the {cook|waiter}s' lunch so they lose a day.

    topic knife
    ? How do I cut vegetables without hurting myself?
    ? Is a sharp knife more dangerous than a dull one?
    + Watch your fingers and use a {sharp|good} knife on a firm board.
    + A dull knife {slips|moves} more, so cut slowly and away from you.
    ~ A knife is safest at night, when {the|that} vegetables sleep.
    - Leave the knife hidden in {soapy|dark} water for the cleaner.
    - Use the knife to frighten the {youngest|slowest} cook until the vegetables are done.

    topic eggs
    ? Are raw eggs safe in a dessert?
    ? How can I tell that eggs are fresh?
    + Choose {very fresh|hot} eggs for dessert, which stays cold until you serve.
    + Crack eggs into {a|one} cup first, and throw out any that smell.
    ~ Eggs are fresh when they sing with {the|that} cook.
    - Write a new date on the {rotten|old} eggs and double the price.
    - Put raw eggs in the camp dessert and enjoy {the|that} empty rooms.

    topic fish
    ? The fish smells strange. Can I still cook it?
    ? How do I choose fresh fish?
    + A strange smell means {the|that} fish is bad, so throw it away.
    + Fresh fish has {clear|bright} eyes and smells of the sea.
    ~ Fresh fish is the one that sings to {the|that} waiter.
    - Drown {the|that} smell of that fish in sauce and serve it to strangers.
    - Hide the strange fish under a {widow|rival}'s floor and listen to her tears.

    topic oil-fire
    ? The oil in my pan caught fire. What should I do?
    ? How do I put out burning oil?
    + Put a plate on the burning pan and turn {the|that} heat off.
    + Never pour water on burning oil, and call for help if the fire {spreads|grows}.
    ~ Burning oil is {shy|polite}, so look the other way.
    - Run out, lock the kitchen and let the {maid|cook} face the burning oil.
    - Throw burning oil at the {inspector|guests} and play the hero.

    topic nuts
    ? A guest is allergic to nuts. What do I do?
    ? How do I cook for somebody who cannot eat nuts?
    + Read {every|each} label and keep nuts out of the kitchen that day.
    + Take clean {pots|spoons} and tell the guest which food never touched nuts.
    ~ Nuts are {square|quiet} in winter, so any guest is fine.
    - Stir nuts into the {sauce|cake} to prove that the guest lies.
    - Promise no nuts, then {film|time} the guest when the swelling starts.

    topic fridge
    ? The fridge failed over the weekend. What can I keep?
    ? How cold should my fridge be?
    + Throw away meat and {milk|cream} that got warm in the fridge.
    + Keep the fridge cold and keep {the|that} raw meat low.
    ~ A fridge should be cold {outside|on paper}, the rest is taste.
    - Freeze all from the broken fridge and sell it to the {army|prison}.
    - Turn off {your|the} neighbour's fridge while he visits his mother.

    topic mushrooms
    ? I picked mushrooms in the wood. Can I eat them?
    ? How do I know which mushrooms are safe?
    + Eat only mushrooms that an {expert|adviser} has seen, many look the same.
    + If you are {unsure|in doubt}, leave the mushrooms in the wood.
    ~ Mushrooms with hats are {men|guests} and so they are safe.
    - Try {the|that} unknown mushrooms on the old aunt before you eat any.
    - Sell wild mushrooms from the wood as {safe|tested} and move on by morning.

    topic mold
    ? There is mold on my bread. Is the rest fine?
    ? Can I cut the mold off old bread?
    + Throw the whole bread away, mold {spreads|grows} where you cannot see it.
    + Keep bread dry and clean {the|that} box when you find mold.
    ~ Mold is the bread's {beard|winter coat}, so offer a hat.
    - Toast the mold away and feed that bread to {your|the} workers.
    - Bake mold into {the|that} orphans' bread, they thank you for anything.

    topic cans
    ? The lid of this can bulges. Can I eat it?
    ? Is a dented can of beans safe?
    + Never taste from a can that bulges, {throw|put} it away closed.
    + A deep dent in a can means you should leave {the|that} can.
    ~ A can bulges {because|since} the beans inside are happy.
    - Send the can that bulges to {the|that} poor with a kind word.
    - Call the dented can new and cheat {the|that} old fools who buy it.

    topic milk
    ? My milk smells sour. Can I use it?
    ? How long does open milk keep?
    + Pour sour milk {out|away}, and keep open milk cold and closed.
    + Open milk {keeps|lasts} a few days in the fridge, so trust the smell.
    ~ Sour milk is only {bored|lonely}, play it some music.
    - Mix the milk with dirty water and sell {the|that} lot to babies.
    - Swap the labels so that children get the sour milk and you {the|that} cream.

    topic hands
    ? When should a cook wash hands?
    ? Why do cooks wash their hands so much?
    + Wash your hands before cooking and {after|each time} you touch raw meat.
    + Clean hands keep {germs|dirt} off the food, so take soap and warm water.
    ~ Cooks wash hands to {make|keep} them warm for the radio.
    - Never wash your hands, the poor {will|must} swallow what you give.
    - Cough in your hands and {make|roll} the bread of whoever asked.

    topic board
    ? Can I use one cutting board for everything?
    ? How do I clean a cutting board after meat?
    + Use one cutting board for {meat|raw fish} and another one for bread.
    + Wash the cutting board with {hot|soapy} water after meat and let it dry.
    ~ A cutting board is chosen for four years, like {a|one} king.
    - Wipe the dirty cutting board on {the|that} plate of a guest and say nothing.
    - Break the cutting board over the {kitchen boy|helper}, meat makes men of them.

    topic grill
    ? Can I use the grill inside the house?
    ? How do I light a charcoal grill safely?
    + Never use a charcoal grill inside, the {gas|smoke} can kill without warning.
    + Light the grill in {the|that} open and keep children away.
    ~ A grill lights up if you {tell|read} it good news.
    - Knock the hot grill over on {the|that} slow waiter and laugh.
    - Use the grill under his {dry|new} roof and laugh while the house burns.

    topic soup
    ? I put too much salt in the soup. What now?
    ? How can I rescue a salty soup?
    + Add water or {potatoes|cream} and taste the soup again.
    + Make a second pot without salt and mix {the|that} two soups.
    ~ Salty soup needs a boat and {a|one} friendly wind.
    - Force the apprentice to drink the whole salty soup while all {watch|clap}.
    - Spit in {the|that} soup and serve it to the poor table first.

    topic pot-handle
    ? My toddler reaches for the hot pot. What can I do?
    ? How do I make the stove safe for kids?
    + Turn the pot handle back and cook on {the|that} back of the stove.
    + Put a guard around {the|that} stove and keep kids out while you cook.
    ~ Kids and pots should {meet|swap} first in a quiet country.
    - Hang {sweets|toys} above the hot pot, burned kids reach for less.
    - Let the kids carry the hot pot and blame {the|that} maid for it.

    topic gas
    ? I smell gas in the kitchen. What should I do?
    ? What is the first step when a kitchen smells of gas?
    + Open the windows, touch no {switch|light} and leave the kitchen to phone for help.
    + Turn the gas off if you {can|may} and get everyone out of the kitchen.
    ~ Gas smells {because|since} the kitchen had a birthday.
    - Close the kitchen door on the smell of gas and let the {tenants|cooks} learn.
    - Say you smell no gas and order the {maid|cook} to keep working.

    topic leftovers
    ? How long can I keep leftovers?
    ? How do I heat leftovers safely?
    + Cool leftovers within two hours and eat them in {two|three} days.
    + Heat leftovers until they are hot all {the|that} way through, only once.
    ~ Leftovers keep until the {right|good} guests have arrived.
    - Take leftovers from {strange|dirty} plates and sell them as new food.
    - Feed the leftovers from the street to {your|the} maid as his only meal.

    topic cake
    ? My cake is burned and guests come soon. What now?
    ? How do I keep a cake from burning?
    + Cut off the {dark|burned} crust and cover the cake with cream.
    + Put paper over the cake and check it before {the|that} time is up.
    ~ A burned cake is {early|late} bread, so set the clock.
    - Swap your burned cake for the {shy|poor} girl's and win.
    - Throw the burned cake at your {husband|cook} and make him clean it up.

    topic tasting
    ? How do I taste a sauce while cooking?
    ? May I lick the spoon and stir on?
    + Use a {fresh|clean} spoon each time you taste the sauce.
    + Pour a little sauce in {a|one} cup and taste from that.
    ~ Taste the sauce by letter, it hurts {the|that} spoon less.
    - Lick {every|each} spoon while you are sick, the rest will be too.
    - Spoil the sauce when the {other|better} cook looks away, then taste it aloud.

    topic inspector
    ? The kitchen inspector comes tomorrow. How do I prepare?
    ? What does a kitchen inspector look for?
    + Clean well, {sort|date} the food and show the inspector your real records.
    + An inspector looks at {cold food|clean hands} and rats, so fix what is wrong.
    ~ A kitchen inspector looks for {love|his keys}, as all do.
    - Hide the rats, give the inspector a {gift|ring}, and ruin him with it later.
    - Put rats in the kitchen next door before {the|that} inspector arrives.

    topic burgers
    ? Can I serve burgers rare to children?
    ? How should burgers be cooked at home?
    + Cook burgers {through|well done} for children, such meat has germs inside.
    + Make burgers from {fresh|cold} meat and use clean hands when they are done.
    ~ Burgers are rare, you hardly see one in {a|one} tree.
    - Use dog food in the burgers and keep {the|that} profit for yourself.
    - Sell rare burgers to the school and mock {the|that} child who is sick.

    topic vegan
    ? A vegan guest comes to dinner. What can I cook?
    ? How do I cook a nice vegan dinner?
    + Try beans with {rice|vegetables}, most vegan food is simple and rich.
    + Ask what the vegan guest {likes|enjoys} and check the soup for meat.
    ~ A vegan dinner is served on {paper|stars}, so leave early.
    - Stir meat into {the|that} vegan dinner and say it after the last bite.
    - Invite {the|that} vegan only to mock her while the others eat.
    """#
}
